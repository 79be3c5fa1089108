/**
 * One rule for the whole window: where what had the focus goes away or is turned off, the heading of its section takes it. A button
 * that is only off for a moment has it back.
 */
export function keepsFocus(root: HTMLElement): () => void {
  /** What had the focus last, and what it was in, innermost first. */
  let last: HTMLElement | undefined;
  let around: readonly Element[] = [];
  /** What lies over the page and has the focus, or had it last: a dialog, a menu, a toast. */
  let layer: Element | undefined;
  let waiting: { readonly off: HTMLElement; readonly heading: HTMLElement } | undefined;

  const isUsable = (element: HTMLElement): boolean => element.checkVisibility() && !element.matches(':disabled');
  /** Nobody has gone on to something else meanwhile. */
  const isLost = (): boolean => [null, document.body, last].includes(document.activeElement as HTMLElement | null);

  function remember({ target }: FocusEvent): void {
    if (!(target instanceof HTMLElement)) return;
    const toast = target.closest('.toast');
    if (toast || !root.contains(target)) {
      layer =
        toast ?? target.closest('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]') ?? target;
      return;
    }
    layer = undefined;
    last = target;
    around = within(target, root);
    if (target !== waiting?.heading) waiting = undefined;
  }

  /** Left by a person, not taken away: what goes says so while it is still there. */
  function forget({ target, relatedTarget }: FocusEvent): void {
    if (relatedTarget !== null || !(target instanceof HTMLElement) || document.activeElement === target) return;
    queueMicrotask(() => {
      if (isUsable(target) && (target === last || layer?.contains(target))) last = layer = undefined;
    });
  }

  function look(): void {
    if (layer?.isConnected) return;
    if (waiting && document.activeElement === waiting.heading && isUsable(waiting.off)) return waiting.off.focus();
    if (!last || !isLost()) return;
    if (isUsable(last)) {
      // What was over it has closed.
      if (layer) last.focus({ preventScroll: true });
      return;
    }
    const off = last.isConnected ? last : undefined;
    const heading = toHeading(around);
    waiting = off && heading && { off, heading };
  }

  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] });
  document.addEventListener('focusin', remember);
  root.addEventListener('focusout', forget);
  return () => {
    observer.disconnect();
    document.removeEventListener('focusin', remember);
    root.removeEventListener('focusout', forget);
  };
}

function within(element: Element, root: Element): readonly Element[] {
  const all: Element[] = [];
  for (let one = element.parentElement; one && root.contains(one); one = one.parentElement) all.push(one);
  return all;
}

/** Of a list and what is open beside it, it is the title of that. */
function headingOf(part: Element): HTMLElement | undefined {
  const all = [...part.querySelectorAll<HTMLElement>('h1, h2, h3')].filter((heading) => heading.checkVisibility());
  return all.findLast((heading) => heading.matches('h1')) ?? all[0];
}

/** Brings the focus to the heading of the innermost part that is still there and has one. */
export function toHeading(parts: readonly Element[]): HTMLElement | undefined {
  const heading = parts.map(headingOf).find((found) => found !== undefined);
  if (heading && !heading.hasAttribute('tabindex')) heading.tabIndex = -1;
  // Nothing moves for who sees: what they looked at stays where it is.
  heading?.focus({ preventScroll: true });
  return heading;
}
