/** After each act of a person the focus is where they expect it, in the browser itself, and is seen there. */
import { expect, sharedTest, test } from './app.js';
import { ofPages } from './focus/of-pages.js';
import { ofVms } from './focus/of-vms.js';
import type { Hypernest } from './hypernest.js';

/** What has the focus without showing it. A heading is read, not pressed; a field has a line below, a row of a menu is marked, a list is seen by its pane. */
const unmarked = ({ page }: Hypernest): Promise<string> =>
  page.evaluate(() => {
    const one = document.activeElement;
    if (!one || one.matches('h1, h2, h3, [role=dialog]')) return '';
    const pane = one.matches('[role=listbox]') ? one.closest('.pane') : null;
    const { outlineStyle, backgroundColor } = pane ? getComputedStyle(pane, '::after') : getComputedStyle(one);
    const line = one.closest('.input');
    const isMarked = line
      ? getComputedStyle(line).borderBottomWidth === '2px'
      : one.matches('[role=menuitem]')
        ? backgroundColor !== 'rgba(0, 0, 0, 0)'
        : one.matches(':focus-visible') && outlineStyle !== 'none';
    return isMarked ? '' : one.outerHTML.slice(0, 200);
  });

const walks = [...ofVms, ...ofPages];
const done = new Set<string>();
const all = walks.flatMap(({ acts }) => acts.map(([what]) => what));

for (const { through, options, found, begin, acts } of walks)
  (found ? test : sharedTest)(through, async ({ launch, userData }) => {
    await found?.(userData);
    const app = await launch(options);
    await app.ready();
    await begin?.(app);
    for (const [what, how, where, by] of acts)
      await test.step(what, async () => {
        await how(app);
        await expect.soft(where(app), what).toBeFocused();
        if (by !== 'mouse') expect.soft(await unmarked(app), `${what}: it is seen there`).toBe('');
        done.add(what);
      });
  });

test('each of them, and many', () => {
  expect(new Set(all).size, 'each has a name of its own').toBe(all.length);
  expect(all.length).toBeGreaterThanOrEqual(30);
  expect([...done]).toEqual(all);
});
