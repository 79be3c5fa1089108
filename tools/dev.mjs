// npm run dev [-- SWITCHES]   The app while its sources change: the window takes texts and pages at once, main starts anew.
// Switches of the app are handed on (--scenario=NAME, --sim-speed=20). DevTools: Ctrl+Shift+I in the window.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { prepareElectron } from './prepared.mjs';
import { root } from './setup.mjs';

/** Of main: for chrome://inspect and for editors (.vscode/launch.json). */
const debugPort = 9229;
const { env, stop, virtual } = await prepareElectron();
const vite = path.join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
const args = ['dev', '--watch', '--inspect', String(debugPort), '--sourcemap', '--logLevel', 'warn'];
console.log(
  [
    virtual
      ? 'No display here: the window is on a virtual desktop, where nobody sees it.'
      : 'The window opens by itself.',
    'Log: on this console, and logs/hypernest.log in the folder of the profile "Hypernest-dev".',
    `Debugger of main: 127.0.0.1:${debugPort}. Ctrl+C ends it all.`,
  ].join('\n'),
);
const child = spawn(process.execPath, [vite, ...args, '--', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env,
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
const [code] = await once(child, 'exit');
await stop();
process.exit(code ?? 1);
