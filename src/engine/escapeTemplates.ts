/** Text that the engine reads as a template, so that it stands for itself. */
export function escapeTemplates(text: string): string {
  return text.replaceAll(/[$%]\{/g, (start) => start.charAt(0) + start);
}
