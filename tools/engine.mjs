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
  if (runtime?.engine) return { HYPERNEST_ENGINE: runtime.engine, HYPERNEST_MODULES: runtime.modules };
  console.log(
    `PowerShell engine not available (${runtime?.reason ?? 'no .NET SDK'}): the simulator is called directly`,
  );
  return {};
}
