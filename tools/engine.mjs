// The PowerShell engine for tests and for the simulated workstation: built where a .NET SDK is there, else said.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './setup.mjs';

const BUILD = path.join(root, 'tools', 'powershell-engine', 'build.mjs');

/** The environment that makes the app use the engine; empty, with one sentence said, where it cannot be had. */
export async function engineEnvironment() {
  if (process.platform === 'win32' || !existsSync(BUILD)) return {};
  const { powershellRuntime } = await import(pathToFileURL(BUILD).href);
  const runtime = await powershellRuntime();
  if ('missing' in runtime) {
    console.log(`No PowerShell engine: ${runtime.missing}. The simulator is called directly.`);
    return {};
  }
  return { HYPERNEST_ENGINE: runtime.executable, HYPERNEST_MODULES: runtime.folder };
}
