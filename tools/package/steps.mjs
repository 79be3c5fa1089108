// What a person does with the package from its download to its removal, and what must be so after each step. `pc` is the Windows it is done
// on (windows.mjs); nothing here knows how.
import { isDeepStrictEqual } from 'node:util';

/** What Windows does not show on this machine: said, and not red. */
class Unclear extends Error {}

const must = (is, what) => {
  if (!is) throw new Error(what);
};
const same = (what, is, shouldBe) =>
  must(isDeepStrictEqual(is, shouldBe), `${what}: ${JSON.stringify(is)}, not ${JSON.stringify(shouldBe)}`);

/** In order, each after the one before. `version`: that of package.json. */
export const stepsOf = (version) => [
  {
    name: 'installs silently, for all users',
    async run(pc) {
      same('exit code', await pc.install(), 0);
      same('version in the list of apps', await pc.installedVersion(), version);
      must(await pc.hasProgram(), 'the program is not there');
      same('the menu entry is known as', await pc.menuId(), 'app.hypernest');
    },
  },
  {
    name: 'its window opens',
    async run(pc) {
      await pc.start();
      must(await pc.until(() => pc.hasWindow()), 'no window');
    },
  },
  {
    name: 'closed, it stays in the tray',
    async run(pc) {
      await pc.closeWindow();
      must(await pc.until(async () => !(await pc.hasWindow())), 'the window stays');
      must(await pc.isRunning(), 'it ended');
      if (!(await pc.hasTaskbar())) throw new Unclear('no taskbar on this machine');
      must(await pc.until(() => pc.hasTrayIcon()), 'the taskbar knows no icon of it');
    },
  },
  {
    name: 'its notifications are known to Windows',
    // The window that was closed for the first time shows one; Electron registers for it.
    async run(pc) {
      must(await pc.until(() => pc.hasToastActivator()), 'no COM class of the id in app-id.ts');
    },
  },
  {
    name: 'a second start shows the window of the first, and ends',
    async run(pc) {
      same('exit code', await pc.startAgain(), 0);
      must(await pc.until(() => pc.hasWindow()), 'no window');
    },
  },
  {
    name: 'an update ends it in order, and keeps start at sign-in',
    async run(pc) {
      await pc.startAtSignIn();
      same('exit code', await pc.install(), 0);
      must(!(await pc.isRunning()), 'it still runs');
      must(await pc.startsAtSignIn(), 'start at sign-in is gone');
    },
  },
  {
    name: 'it takes updates of its publisher only',
    // By electron-updater's own check, tried on what is signed here whatever becomes of ours: the Node.js that runs this.
    async run(pc) {
      const publisher = await pc.publisher();
      if (publisher === '') throw new Unclear('Node.js is not signed on this machine');
      const fault = await pc.whyNoUpdate(publisher, 'node');
      must(fault === null, `one of its publisher is refused: ${fault}`);
      must(await pc.whyNoUpdate('Somebody Else', 'node'), 'one of another publisher is taken');
      must(await pc.whyNoUpdate(publisher, 'setup'), 'what it has not signed is taken');
    },
  },
  {
    name: 'uninstalled, it leaves settings and nothing else',
    async run(pc) {
      await pc.uninstall();
      must(await pc.until(async () => !(await pc.hasProgram())), 'the program is still there');
      same('left behind', await pc.left(), []);
      must(await pc.hasSettings(), 'the settings are gone');
    },
  },
  {
    name: 'uninstalled with its settings, it leaves nothing',
    async run(pc) {
      same('exit code', await pc.install(), 0);
      await pc.uninstall('/REMOVESETTINGS');
      must(await pc.until(async () => !(await pc.hasProgram())), 'the program is still there');
      must(!(await pc.hasSettings()), 'the settings are still there');
      same('left behind', await pc.left(), []);
    },
  },
];

/** Runs them all: what follows a step that failed says little, but it is not left out. Answers whether none failed. */
export async function walk(pc, version, say) {
  let failed = 0;
  for (const { name, run } of stepsOf(version)) {
    try {
      await run(pc);
      say(`PASS  ${name}`);
    } catch (error) {
      if (!(error instanceof Unclear)) failed++;
      say(`${error instanceof Unclear ? 'SKIP' : 'FAIL'}  ${name}: ${error.message}`);
    }
  }
  return failed === 0;
}
