/** What a screen reader says of each stop of the keyboard, from the accessibility tree, and what it says by itself. */
import type { CDPSession, Page } from '@playwright/test';

interface Value {
  readonly value?: unknown;
}
interface Node {
  readonly ignored: boolean;
  readonly role?: Value;
  readonly name?: Value;
  readonly description?: Value;
  readonly value?: Value;
  readonly properties?: readonly { readonly name: string; readonly value: Value }[];
}

const states = new Set(['checked', 'pressed', 'expanded', 'selected', 'disabled', 'invalid', 'required', 'hasPopup']);
const textOf = (value: Value | undefined): string =>
  typeof value?.value === 'string' ? value.value.replaceAll(/\s+/g, ' ').trim() : '';

/** `button "Turn on…" expanded=false — "why"` */
function lineOf({ role, name, description, value, properties = [] }: Node): string {
  const said = properties
    .filter((one) => states.has(one.name) && !['false', 'undefined'].includes(String(one.value.value)))
    .map(
      (one) =>
        ` ${one.name}${one.value.value === true || one.value.value === 'true' ? '' : `=${String(one.value.value)}`}`,
    );
  const more = textOf(description);
  const holds = textOf(value);
  return `${textOf(role)} ${JSON.stringify(textOf(name))}${holds === '' ? '' : ` value=${JSON.stringify(holds)}`}${said.join('')}${more === '' ? '' : ` — ${more}`}`;
}

async function nodeOf(session: CDPSession, expression: string): Promise<Node | undefined> {
  const { result } = await session.send('Runtime.evaluate', { expression });
  if (result.objectId === undefined) return undefined;
  const { nodes } = await session.send('Accessibility.getPartialAXTree', {
    objectId: result.objectId,
    fetchRelatives: false,
  });
  return nodes[0];
}

/** More stops than any page has: a page that never comes to its end is told so. */
const MOST = 120;

/**
 * The stops of Tab from the top of the page (or of the dialog that is over it) until they begin anew, a line each; of a list its
 * active row as well. Then each lasting region that says something.
 */
export async function heard(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  await page.evaluate(() => {
    const top = document.querySelector('[role=dialog], [role=alertdialog]') ?? document.body;
    // Before all that can be come to.
    const start = top.insertBefore(document.createElement('span'), top.firstChild);
    start.tabIndex = -1;
    start.id = 'heard-from-here';
    start.focus();
    for (const one of document.querySelectorAll('[data-heard]')) one.removeAttribute('data-heard');
  });
  const lines: string[] = [];
  for (let stop = 0; ; stop++) {
    if (stop === MOST) throw new Error(`after ${String(MOST)} stops the first one has not come again`);
    await page.keyboard.press('Tab');
    const isNew = await page.evaluate(() => {
      document.getElementById('heard-from-here')?.remove();
      const one = document.activeElement;
      if (!one || one === document.body) return false;
      const isFirst = !one.hasAttribute('data-heard');
      one.setAttribute('data-heard', '');
      return isFirst;
    });
    if (!isNew) break;
    const node = await nodeOf(session, 'document.activeElement');
    if (node) lines.push(lineOf(node));
    const active = await nodeOf(
      session,
      `document.getElementById(document.activeElement.getAttribute('aria-activedescendant') ?? '') ?? undefined`,
    );
    if (active) lines.push(`  ${lineOf(active)}`);
  }
  const regions = await page.locator('[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]').all();
  for (const region of regions) {
    const text = (await region.textContent())?.replaceAll(/\s+/g, ' ').trim() ?? '';
    if (text !== '') lines.push(`says ${JSON.stringify(text)}`);
  }
  await session.detach();
  return `${lines.join('\n')}\n`;
}
