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
    "zstd",
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
printf 'MODULES=list\\nCOMPRESS=zstd\\nFSTYPE=ext4\\n' > "$root/etc/initramfs-tools/conf.d/landfall"
printf 'virtio_pci\\nvirtio_blk\\nvirtio_scsi\\nvirtio_net\\next4\\n' > "$root/etc/initramfs-tools/modules"
in_root() { chroot "$root" "$@"; }
in_root update-initramfs -u
in_root systemctl enable systemd-networkd systemd-resolved
for unit in docker.service containerd.service fail2ban.service ufw.service apt-daily.timer apt-daily-upgrade.timer \\
  e2scrub_all.timer fstrim.timer dpkg-db-backup.timer; do
  in_root systemctl disable "$unit" || true
done
for unit in ldconfig.service systemd-binfmt.service modprobe@efi_pstore.service modprobe@drm.service \\
  modprobe@configfs.service modprobe@fuse.service sys-kernel-debug.mount sys-kernel-tracing.mount dev-hugepages.mount \\
  systemd-pstore.service systemd-hibernate-clear.service systemd-networkd-wait-online.service e2scrub_reap.service \\
  getty@tty1.service; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
cp "$root"/boot/vmlinuz-* "$work/vmlinuz"
cp "$root"/boot/initrd.img-* "$work/initrd"
truncate -s 3G "$work/disk.raw"
mke2fs -q -t ext4 -O '^64bit,^metadata_csum' -L root -d "$root" "$work/disk.raw"
qemu-img convert -c -O qcow2 -W -m 4 "$work/disk.raw" "$work/disk.qcow2"
chmod 0644 "$work/vmlinuz" "$work/initrd" "$work/disk.qcow2"
if [ -n "\${SUDO_UID:-}" ]; then chown "$SUDO_UID" "$work/vmlinuz" "$work/initrd" "$work/disk.qcow2"; fi
`;
