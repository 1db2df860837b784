/** Reads a switch of the process environment, such as SKIP_WAIT or VERBOSE. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false", "no", "off"].includes(value.trim().toLowerCase());
}
