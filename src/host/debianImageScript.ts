/** Packages that booting, cloud-init and a login need. */
export function bootPackages(architecture: "amd64" | "arm64"): string[] {
  return [
    `linux-image-cloud-${architecture}`,
    "systemd-sysv",
    "systemd-resolved",
    "dbus",
    "openssh-server",
    "cloud-init",
    "locales",
    "sudo",
    "netbase",
    "iproute2",
    "iptables",
    "ca-certificates",
    "curl",
    "python3",
    "e2fsprogs",
    "kmod",
    "udev",
    "initramfs-tools",
    "busybox-static",
    "xz-utils",
    "procps",
    "python3-systemd",
  ];
}

/**
 * Arguments: working directory, release, packages separated by commas. Leaves vmlinuz, initrd and disk.qcow2 there.
 * What is masked or left out is what a first boot under software emulation would wait for: measured, see docs/benchmarks.md.
 */
export const debianImageScript = `
set -eu
# Files of the image are the image's: our own umask is for secrets.
umask 022
work=$1 release=$2 packages=$3
root=$work/root
mmdebstrap --variant=minbase --aptopt='Apt::Install-Recommends "false"' \\
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \\
  --include="$packages" "$release" "$root"
echo 'LABEL=root / ext4 defaults,noatime,errors=remount-ro 0 1' > "$root/etc/fstab"
mkdir -p "$root/etc/cloud/cloud.cfg.d"
echo 'datasource_list: [NoCloud, ConfigDrive, None]' > "$root/etc/cloud/cloud.cfg.d/90_dpkg.cfg"
cat > "$root/etc/cloud/cloud.cfg.d/99_lean.cfg" <<'X'
growpart: { mode: "off" }
cloud_init_modules: [bootcmd, write_files, resizefs, disk_setup, mounts, set_hostname, update_hostname, users_groups, ssh]
cloud_config_modules: [locale, ntp, timezone, package_update_upgrade_install, runcmd]
cloud_final_modules: [scripts_vendor, scripts_per_once, scripts_per_boot, scripts_per_instance, scripts_user, final_message, power_state_change]
X
rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/hostname" "$root/etc/resolv.conf"
: > "$root/etc/machine-id"
ln -s ../run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
in_root() { chroot "$root" "$@"; }
in_root systemctl enable systemd-networkd systemd-resolved
for unit in docker.service containerd.service fail2ban.service ufw.service apt-daily.timer apt-daily-upgrade.timer \\
  e2scrub_all.timer fstrim.timer dpkg-db-backup.timer; do
  in_root systemctl disable "$unit" || true
done
for unit in ldconfig.service systemd-binfmt.service modprobe@efi_pstore.service modprobe@drm.service \\
  modprobe@configfs.service modprobe@fuse.service sys-kernel-debug.mount sys-kernel-tracing.mount dev-hugepages.mount \\
  systemd-pstore.service systemd-hibernate-clear.service systemd-networkd-wait-online.service e2scrub_reap.service \\
  systemd-network-generator.service systemd-udev-load-credentials.service getty@tty1.service; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
# Generators run at boot and at every reload: what a virtual machine with one disk has no use for stays out.
mkdir -p "$root/etc/systemd/system-generators"
for generator in cloud-init-generator systemd-debug-generator systemd-gpt-auto-generator \\
  systemd-hibernate-resume-generator systemd-rc-local-generator systemd-run-generator systemd-ssh-generator \\
  systemd-system-update-generator systemd-tpm2-generator; do
  ln -sf /dev/null "$root/etc/systemd/system-generators/$generator"
done
# What cloud-init's generator would decide is known: it runs.
ln -sf /usr/lib/systemd/system/cloud-init.target "$root/etc/systemd/system/multi-user.target.wants/"
# Names are resolved after sshd is up: nothing before asks for one.
rm -f "$root/etc/systemd/system/sysinit.target.wants/systemd-resolved.service"
sed -e '/^Before=/d' -e '/^After=/s/$/ ssh.service/' "$root/usr/lib/systemd/system/systemd-resolved.service" \\
  > "$root/etc/systemd/system/systemd-resolved.service"
ln -sf /etc/systemd/system/systemd-resolved.service "$root/etc/systemd/system/multi-user.target.wants/"
# What a login needs comes first, then what allows it; the rest of the boot takes what is left.
weigh() { # weigh WEIGHT SECTION UNIT...
  weight=$1 section=$2
  shift 2
  for unit; do
    mkdir -p "$root/etc/systemd/system/$unit.d"
    printf '[%s]\\nCPUWeight=%s\\n' "$section" "$weight" > "$root/etc/systemd/system/$unit.d/landfall.conf"
  done
}
weigh 10000 Service ssh.service systemd-logind.service dbus.service systemd-udevd.service systemd-networkd.service
weigh 10000 Slice user.slice
weigh 1000 Service cloud-init-main.service
# sshd checks its configuration when it starts: not twice.
echo 'ExecStartPre=' >> "$root/etc/systemd/system/ssh.service.d/landfall.conf"
# Devices that QEMU always adds and nobody uses.
for module in ata_piix ata_generic sr_mod cdrom sg psmouse pcspkr floppy i2c_piix4 bochs cirrus qxl; do
  echo "blacklist $module"
done > "$root/etc/modprobe.d/landfall.conf"
# The first process: loads the drivers that the kernel lacks and goes to the root file system. That of the network, too:
# cloud-init must find the device there, and does not wait for it.
initrd=$root/initrd.d
mkdir -p "$initrd/bin" "$initrd/dev" "$initrd/new"
cp "$root/bin/busybox" "$initrd/bin/"
cat > "$initrd/init" <<'X'
#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
for module in /*.ko; do /bin/busybox insmod "$module"; done
tries=0
until device=$(/bin/busybox findfs LABEL=root); do
  tries=$((tries + 1))
  if [ $tries = 300 ]; then
    echo "no file system with the label root"
    exec /bin/busybox sh
  fi
  /bin/busybox sleep 0.1
done
/bin/busybox mount -t ext4 -o ro "$device" /new
/bin/busybox mount --move /dev /new/dev
exec /bin/busybox switch_root /new /sbin/init
X
chmod 0755 "$initrd/init"
kernel=$(basename "$root"/lib/modules/*)
number=10
for driver in virtio_pci virtio_blk virtio_net ext4; do
  for file in $(in_root modprobe --set-version "$kernel" --show-depends "$driver" | sed -n 's/^insmod //p'); do
    case $file in *.xz) open='xz -dc' ;; *) open=cat ;; esac
    $open "$root$file" > "$initrd/$number-$(basename "$file" .xz)"
    number=$((number + 1))
  done
done
in_root sh -c 'cd /initrd.d && find . | cpio --quiet -o -H newc' | gzip -1 > "$work/initrd"
rm -rf "$initrd"
# Last: what was made above is the state that updates of /usr are compared with.
touch "$root/etc/.updated" "$root/var/.updated"
cp "$root"/boot/vmlinuz-* "$work/vmlinuz"
truncate -s 3G "$work/disk.raw"
mke2fs -q -t ext4 -O '^64bit,^metadata_csum' -L root -d "$root" "$work/disk.raw"
# Not compressed: a machine would unpack each block that it reads.
qemu-img convert -O qcow2 -W -m 4 "$work/disk.raw" "$work/disk.qcow2"
chmod 0644 "$work/vmlinuz" "$work/initrd" "$work/disk.qcow2"
if [ -n "\${SUDO_UID:-}" ]; then chown "$SUDO_UID" "$work/vmlinuz" "$work/initrd" "$work/disk.qcow2"; fi
`;
