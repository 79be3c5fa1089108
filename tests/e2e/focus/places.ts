/** Acts, the places that they bring the focus to, and ways to press what is there. */
import type { Locator } from '@playwright/test';
import type { MessageKey, ParamsOf } from '../../../src/text/index.js';
import type { LaunchOptions } from '../app.js';
import type { Hypernest, PageName } from '../hypernest.js';

export type Doing = (app: Hypernest) => Promise<unknown>;
export type Place = (app: Hypernest) => Locator;
/** What is done; how; where the focus is then. */
type Act = readonly [what: string, how: Doing, where: Place, by?: 'mouse'];

/** Acts of one person, one after the other. */
export interface Walk {
  readonly through: string;
  readonly options: LaunchOptions;
  /** What the app finds in its folder, which is then its own. */
  readonly found?: (folder: string) => Promise<void>;
  readonly begin?: Doing;
  readonly acts: readonly Act[];
}

export const direct = { direct: true, speed: 400 };
export const box = { name: 'dev-box' };

type Params<K extends MessageKey> = keyof ParamsOf<K> extends never ? [] : [params: ParamsOf<K>];

export const button =
  <K extends MessageKey>(words: K, ...params: Params<K>): Place =>
  (app) =>
    app.button(app.t(words, ...params)).first();
export const titled =
  (name: string): Place =>
  ({ page }) =>
    page.getByRole('main').getByRole('heading', { name, exact: true });
export const heading =
  <K extends MessageKey>(words: K, ...params: Params<K>): Place =>
  (app) =>
    titled(app.t(words, ...params))(app);
const byRole =
  (role: 'tab' | 'switch' | 'radio' | 'textbox' | 'combobox') =>
  <K extends MessageKey>(words: K, ...params: Params<K>): Place =>
  ({ page, t }) =>
    // A card of several says more than its name.
    page.getByRole(role, { name: t(words, ...params), exact: role !== 'radio' });
export const tab = byRole('tab');
export const toggle = byRole('switch');
export const radio = byRole('radio');
export const field = byRole('textbox');
export const choice = byRole('combobox');
/** Beside a list it is that of what is open there. */
export const pageTitle: Place = ({ page }) => page.locator('main h1').last();
export const list: Place = ({ page }) => page.getByRole('listbox');
export const menuItem: Place = ({ page }) => page.locator('[role=menuitem]:focus');
export const dialog: Place = ({ page }) => page.getByRole('dialog');
/** The first that can be unfolded, or that is. */
export const unfolds = ({ page }: Hypernest): Locator => page.locator('main .card [aria-expanded=false]').first();
export const unfolded: Place = ({ page }) => page.locator('main .card [aria-expanded=true]');
/** The sentence of a stage of the wizard; its title is of the page on which something is chosen. */
export const sentence =
  (stage: 'review' | 'run' | 'done'): Place =>
  ({ page }) =>
    page.locator(`.wizard-head[data-stage=${stage}] ~ .scroll .sentence`);
export const title: Place = ({ page }) => page.locator('.wizard-head[data-stage=choose] h1');
export const close = button('wizard.close');
export const historyTitle = heading('activity.title');
export const primary: Place = ({ page }) => page.locator('.commandbar .btn.primary');

export const key =
  (...keys: readonly string[]): Doing =>
  async ({ page }) => {
    for (const one of keys) await page.keyboard.press(one);
  };
/** Brought there, as Tab would as soon as it can be pressed. */
export const from =
  (place: Place, ...keys: readonly string[]): Doing =>
  async (app) => {
    await place(app).and(app.page.locator(':not(:disabled)')).focus();
    await key(...keys)(app);
  };
export const enter = (place: Place): Doing => from(place, 'Enter');
/** One after the other. */
export const then =
  (...all: readonly Doing[]): Doing =>
  async (app) => {
    for (const one of all) await one(app);
  };
export const seen =
  (place: Place): Doing =>
  (app) =>
    place(app).waitFor();
export const gone =
  (place: Place): Doing =>
  (app) =>
    place(app).waitFor({ state: 'hidden' });
export const type =
  (text: string): Doing =>
  ({ page }) =>
    page.keyboard.insertText(text);
export const paste =
  (text: string): Doing =>
  async (app) => {
    await app.electron.evaluate(({ clipboard }, written) => clipboard.writeText(written), text);
    await key('Control+v')(app);
  };
/** A page, in the rail. */
export const place =
  (page: PageName): Place =>
  (app) =>
    app.place(page);
