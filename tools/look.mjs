// node tools/look.mjs [switches] picture.png   Builds the app, starts it on a desktop of its own, takes one picture, ends it.
// Several may run at once. Switches:
//   --scenario=NAME --size=1080x720 --theme=dark|light --language=zh-CN|en   what is shown
//   --page=NAME        presses the button of that page in the rail (or any text)
//   --click=NAME       presses a button, link, row or tab of that accessible name; may be given more than once, in order
//   --fill=LABEL=TEXT  writes into a field
//   --key=Tab --wait=TEXT --pause=MS   more steps, in the order given
//   --desktop          the whole virtual desktop instead of the window
//   --full             the whole height of the page
//   --fresh            as at a first start, with the guided setup
//   --direct           without the PowerShell engine; any other switch goes to the app
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { prepareElectron } from './prepared.mjs';
import { root } from './setup.mjs';

const { ensureBuilt, newestSource } = await import('./build.mjs');
const { _electron } = await import('@playwright/test');

const options = {};
const steps = [];
const forward = [];
const files = [];
for (const argument of process.argv.slice(2)) {
  const [, name, value = 'true'] = /^--([\w-]+)(?:=(.*))?$/s.exec(argument) ?? [];
  if (!name) files.push(argument);
  else if (['page', 'click', 'fill', 'key', 'wait', 'pause'].includes(name)) steps.push([name, value]);
  else if (['size', 'theme', 'language', 'desktop', 'full', 'direct', 'fresh'].includes(name)) options[name] = value;
  else forward.push(argument);
}
const [picture = 'look.png'] = files;

/** One build per state of the sources, in a folder of its own; whoever comes second waits for the first. */
async function built() {
  const looks = path.join(root, '.cache', 'look');
  const folder = path.join(looks, String(Math.round(newestSource())));
  fs.mkdirSync(looks, { recursive: true });
  const lock = path.join(looks, 'lock');
  for (;;) {
    try {
      fs.mkdirSync(lock);
      break;
    } catch {
      const since = fs.statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
      if (since && Date.now() - since > 120_000) fs.rmSync(lock, { recursive: true, force: true });
      await sleep(100);
    }
  }
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.copyFileSync(path.join(root, 'package.json'), path.join(folder, 'package.json'));
    if (!fs.existsSync(path.join(folder, 'assets')))
      fs.symlinkSync(path.join(root, 'assets'), path.join(folder, 'assets'));
    if (!ensureBuilt(path.join(folder, 'out'))) process.exit(1);
    for (const name of fs.readdirSync(looks)) {
      const old = path.join(looks, name);
      if (Date.now() - fs.statSync(old).mtimeMs > 600_000) fs.rmSync(old, { recursive: true, force: true });
    }
  } finally {
    fs.rmSync(lock, { recursive: true, force: true });
  }
  return folder;
}

const folder = await built();
const { env, stop } = await prepareElectron({ virtual: true });
if (options.direct) for (const name of ['HYPERNEST_ENGINE', 'HYPERNEST_MODULES']) delete env[name];
for (const [name, value] of Object.entries(env)) process.env[name] = value;
const userData = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-look-'));
// As after the setup was skipped.
if (!options.fresh)
  fs.writeFileSync(
    path.join(userData, 'settings.json'),
    JSON.stringify({ setup: { state: 'closed', purpose: null, vm: null } }),
  );
let code = 0;
let app, child;
try {
  app = await _electron.launch({ args: [folder, `--user-data-dir=${userData}`, '--disable-gpu', ...forward], env });
  child = app.process();
  child.stderr.on('data', (text) => /GL|dbus|vaapi|vulkan|gpu/i.test(text) || process.stderr.write(text));
  const page = await app.firstWindow();
  page.on('console', (message) => console.log(`[${message.type()}] ${message.text()}`));
  page.on('pageerror', (error) => console.log(`[error] ${error.stack ?? error.message}`));
  page.setDefaultTimeout(8000);
  if (options.size) {
    const [width, height] = options.size.split('x').map(Number);
    await app.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0].setContentSize(...size),
      [width, height],
    );
  }
  await page.waitForLoadState('domcontentloaded');
  const settings = {};
  if (options.theme) settings.theme = options.theme;
  if (options.language) settings.language = options.language;
  if (Object.keys(settings).length > 0)
    await page.evaluate((change) => globalThis.hypernest.call('settings', change), settings);
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'), undefined).catch(() => {});
  for (const [what, value] of steps) {
    const control = (exact) =>
      ['button', 'link', 'row', 'option', 'tab', 'radio', 'checkbox', 'switch', 'menuitem']
        .map((role) => page.getByRole(role, { name: value, exact }))
        .reduce((all, one) => all.or(one));
    if (what === 'page' || what === 'click') {
      // What can be pressed goes before a plain text of the same words.
      const choices = [control(true), control(false), page.getByText(value, { exact: true })];
      await choices
        .reduce((all, one) => all.or(one))
        .first()
        .waitFor();
      for (const choice of choices)
        if ((await choice.count()) > 0) {
          await choice.first().click();
          break;
        }
    } else if (what === 'fill') {
      const [, label, text] = /^([^=]+)=(.*)$/s.exec(value) ?? [];
      await page.getByLabel(label, { exact: true }).fill(text);
    } else if (what === 'key') await page.keyboard.press(value);
    else if (what === 'wait') await page.getByText(value).first().waitFor();
    else await sleep(Number(value));
  }
  await sleep(400); // transitions of 250 ms at most
  if (options.desktop) execFileSync('import', ['-window', 'root', picture], { env });
  else await page.screenshot({ path: picture, fullPage: !!options.full });
  console.log(picture);
} catch (error) {
  // The sentence; what follows is Playwright's list of tries.
  console.error(error.message.split('\n')[0]);
  const page = app?.windows()[0];
  const isTaken = await page?.screenshot({ path: picture }).then(
    () => true,
    () => false,
  );
  if (isTaken) console.error(`${picture} shows where it stopped`);
  code = 1;
} finally {
  await Promise.race([app?.close().catch(() => undefined), sleep(3000)]);
  if (child?.exitCode === null) child.kill('SIGKILL');
  await stop();
  fs.rmSync(userData, { recursive: true, force: true });
}
process.exit(code);
