/**
 * One rule for the whole window: where what had the focus goes away or is turned off, the heading of its section takes it. A button
 * that is only off for a moment has it back.
 */
export function keepsFocus(root: HTMLElement): () => void {
  /** What had the focus last, and what it was in, innermost first. */
  let last: HTMLElement | undefined;
  let around: readonly Element[] = [];
  let waiting: { readonly off: HTMLElement; readonly heading: HTMLElement } | undefined;

  const isUsable = (element: HTMLElement): boolean => element.isConnected && !element.matches(':disabled');
  /** Nobody has gone on to something else meanwhile. */
  const isLost = (): boolean => [null, document.body, last].includes(document.activeElement as HTMLElement | null);

  function remember({ target }: FocusEvent): void {
    if (!(target instanceof HTMLElement)) return;
    last = target;
    around = within(target, root);
    if (target !== waiting?.heading) waiting = undefined;
  }

  /** Left by a person, not taken away. */
  function forget({ target, relatedTarget }: FocusEvent): void {
    const isLeft = relatedTarget === null && target === last && document.activeElement !== target;
    if (isLeft && last && isUsable(last)) last = undefined;
  }

  function look(): void {
    if (waiting && document.activeElement === waiting.heading && isUsable(waiting.off)) return waiting.off.focus();
    if (!last || isUsable(last) || !isLost()) return;
    const heading = headingIn(around);
    if (!heading) return;
    const off = last.isConnected ? last : undefined;
    if (!heading.hasAttribute('tabindex')) heading.tabIndex = -1;
    heading.focus({ preventScroll: off !== undefined });
    waiting = off && { off, heading };
  }

  const observer = new MutationObserver(look);
  // Dialogs and menus stand beside the root: what they were opened by may have gone while they had the focus.
  observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] });
  root.addEventListener('focusin', remember);
  root.addEventListener('focusout', forget);
  return () => {
    observer.disconnect();
    root.removeEventListener('focusin', remember);
    root.removeEventListener('focusout', forget);
  };
}

function within(element: Element, root: Element): readonly Element[] {
  const all: Element[] = [];
  for (let one = element.parentElement; one && root.contains(one); one = one.parentElement) all.push(one);
  return all;
}

/** Of the innermost part that is still there and has one. */
const headingIn = (parts: readonly Element[]): HTMLElement | undefined =>
  parts
    .filter(({ isConnected }) => isConnected)
    .map((part) => part.querySelector<HTMLElement>('h1, h2, h3'))
    .find((heading) => heading !== null) ?? undefined;
