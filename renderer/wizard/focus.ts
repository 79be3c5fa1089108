/** A new stage begins at its heading: scrolled to the top, and spoken. */
export function toTop(heading: HTMLElement | undefined): void {
  // In a low window the page scrolls, else the part above the command bar.
  for (const part of ['.scroll', '.page']) heading?.closest(part)?.scrollTo(0, 0);
  heading?.focus({ preventScroll: true });
}
