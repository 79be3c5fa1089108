/** What a way through the window costs: presses, screens, and the words that stand in sight on each. */
import type { Hypernest } from '../e2e/hypernest.js';

export interface Cost {
  readonly clicks: number;
  /** In the order in which they came; each with the most words that it showed at once. */
  readonly screens: readonly { readonly name: string; readonly words: number }[];
}

interface Counted {
  clicks: number;
  screens: Record<string, number>;
  look: () => void;
}
type CountedWindow = Window & { __counted?: Counted };

/**
 * Runs in the page. A press is a trusted pointer press, or Enter or Space on a control. A screen is told by its title, its stage and
 * the dialog over it; a dialog hides the words below it.
 */
function follow(): void {
  const here = window as CountedWindow;
  if (here.__counted) return;
  const counted: Counted = (here.__counted = { clicks: 0, screens: {}, look });

  const isSeen = (element: Element): boolean =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && element.closest('.unseen') === null;

  /** What is left of a box when the window and everything that scrolls has cut it. */
  function inSight(box: DOMRect, of: Element): boolean {
    let [left, top, right, bottom] = [
      Math.max(0, box.left),
      Math.max(0, box.top),
      Math.min(innerWidth, box.right),
      Math.min(innerHeight, box.bottom),
    ];
    for (let at: Element | null = of; at; at = at.parentElement) {
      if (getComputedStyle(at).overflow === 'visible') continue;
      const cut = at.getBoundingClientRect();
      [left, top] = [Math.max(left, cut.left), Math.max(top, cut.top)];
      [right, bottom] = [Math.min(right, cut.right), Math.min(bottom, cut.bottom)];
    }
    return right - left > 2 && bottom - top > 4;
  }

  const wordsOf = (text: string): readonly RegExpMatchArray[] => [...text.matchAll(/\S*[\p{L}\p{N}]\S*/gu)];

  function seenWords(root: Element): number {
    let count = 0;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const of = node.parentElement;
      const words = wordsOf(node.textContent ?? '');
      // Whoever has a PC of their own never sees the mark of a simulated one.
      if (!of || words.length === 0 || !isSeen(of) || of.closest('.simulated')) continue;
      const range = document.createRange();
      for (const { 0: word, index } of words) {
        range.setStart(node, index ?? 0);
        range.setEnd(node, (index ?? 0) + word.length);
        if (inSight(range.getBoundingClientRect(), of)) count++;
      }
    }
    for (const field of root.querySelectorAll('input, textarea'))
      if (isSeen(field) && inSight(field.getBoundingClientRect(), field))
        count += wordsOf(field.getAttribute('placeholder') ?? '').length;
    return count;
  }

  function look(): void {
    const dialog = [...document.querySelectorAll('[role=dialog], [role=alertdialog], [role=menu]')].find(isSeen);
    const titles = [...document.querySelectorAll('main h1')].filter(isSeen);
    if (titles.length === 0) return;
    const stage = document.querySelector('main [data-stage]')?.getAttribute('data-stage');
    const over = dialog && document.getElementById(dialog.getAttribute('aria-labelledby') ?? '');
    const name = [...titles.map(({ textContent }) => textContent), stage, over?.textContent ?? dialog?.role]
      .flatMap((text) => text?.trim() || [])
      .join(' › ');
    counted.screens[name] = Math.max(counted.screens[name] ?? 0, seenWords(dialog ?? document.body));
  }

  function press(): void {
    look();
    counted.clicks++;
  }
  addEventListener('pointerdown', (event) => event.isTrusted && press(), { capture: true });
  addEventListener(
    'keydown',
    ({ isTrusted, key, target }) => {
      if (!isTrusted || !(target instanceof Element) || (key !== 'Enter' && key !== ' ')) return;
      // In a field Enter sends the form, and Space writes.
      const isField = target.matches('textarea, input:not([type=checkbox], [type=radio])');
      const isControl = target.matches('button, a, select, summary, input, [role]');
      if (isField ? key === 'Enter' && target.matches('input') : isControl) press();
    },
    { capture: true },
  );
  let soon: ReturnType<typeof setTimeout> | undefined;
  const changed = (): void => {
    clearTimeout(soon);
    soon = setTimeout(look, 60);
  };
  new MutationObserver(changed).observe(document, { subtree: true, childList: true, characterData: true });
  addEventListener('scroll', changed, { capture: true });
  look();
}

/** From now on. The window gets the size that words are counted at. */
export async function count(hypernest: Hypernest): Promise<() => Promise<Cost>> {
  const { electron, page } = hypernest;
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1080, 720));
  await page.waitForFunction(() => innerWidth === 1080 && innerHeight === 720);
  await page.evaluate(follow);
  return async () => {
    const { clicks, screens } = await page.evaluate(() => {
      const { __counted } = window as CountedWindow;
      __counted?.look();
      return { clicks: __counted?.clicks ?? 0, screens: __counted?.screens ?? {} };
    });
    // What Windows asks in a window of its own is a press and a screen too.
    const questions = await hypernest.asked();
    return {
      clicks: clicks + questions.length,
      screens: [
        ...Object.entries(screens).map(([name, words]) => ({ name, words })),
        ...questions.map(({ message, buttons }) => ({
          name: message,
          words: `${message} ${buttons.join(' ')}`.split(/\s+/).length,
        })),
      ],
    };
  };
}
