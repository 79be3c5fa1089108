/** How much there is to read. */

/** Words on a page that are seen or read out, with those of its pictures. */
export function wordsOf(page: Element, language: string): number {
  const pictures = Array.from(page.querySelectorAll('[role=img]'), (one) => one.getAttribute('aria-label') ?? '');
  const texts: string[] = [];
  const walk = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode())
    if (!node.parentElement?.closest('[role=img], style, svg, details:not([open]) > :not(summary)'))
      texts.push(node.textContent ?? '');
  const segments = new Intl.Segmenter(language, { granularity: 'word' }).segment([...texts, ...pictures].join('\n'));
  return Array.from(segments).filter(({ isWordLike }) => isWordLike).length;
}
