/** The real engine for tests; without any PowerShell and without a .NET SDK they are skipped with the reason, and fail on CI. */
import fs from 'node:fs';
import path from 'node:path';
import type { StandIn } from '../../src/powershell/bootstrap.js';
import { childElevate, type Elevate } from '../../src/powershell/elevation.js';
import { quiet, type FoundShell } from '../../src/powershell/find.js';
import type { Simulator } from '../../simulator/simulator.js';
import { powershellRuntime } from '../../tools/powershell-engine/build.mjs';

type Runtime = Awaited<ReturnType<typeof powershellRuntime>>;
let known: Promise<Runtime> | undefined;
const runtime = (): Promise<Runtime> => (known ??= powershellRuntime());

/** Whether the tests of this file can run. */
export async function hasPowerShell(): Promise<boolean> {
  const found = await runtime();
  if (!('missing' in found)) return true;
  if (process.env['CI'] === 'true') throw new Error(`No PowerShell on CI: ${found.missing}`);
  console.warn(`The PowerShell tests are skipped: ${found.missing}`);
  return false;
}

/** The executable and the whole environment of a shell that sees this simulated world. */
export async function shellFor({ world }: Simulator, address: string, { elevated = false } = {}): Promise<FoundShell> {
  const found = await runtime();
  if ('missing' in found) throw new Error(found.missing);
  const modules = found.modules(world.host.modules['Hyper-V'] ?? 'loaded');
  const inherited = ['PATH', 'HOME', 'DOTNET_ROOT', 'DOTNET_EnableWriteXorExecute', 'TMPDIR', 'SystemRoot', 'TEMP'];
  return {
    executable: found.executable,
    env: {
      ...Object.fromEntries(
        inherited.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
      ),
      ...quiet,
      // For scripts that run without the bridge; it takes what stands in for Windows' modules from its setup alone.
      PSModulePath: modules,
      HYPERNEST_SIMULATOR: address,
      ...(elevated ? { HYPERNEST_ELEVATED: '1' } : {}),
    },
    standIn: { modules, variables: ['HOME', 'TMPDIR', 'HYPERNEST_SIMULATOR', 'HYPERNEST_ELEVATED'] },
  };
}

/** .NET makes a pipe with a list of rights by another method than the .NET Framework of Windows PowerShell, for which the text is written. */
export const forDotNet =
  (elevate: Elevate): Elevate =>
  (script) =>
    elevate(
      process.platform === 'win32'
        ? script.replace('[IO.Pipes.NamedPipeServerStream]::new(', '[IO.Pipes.NamedPipeServerStreamAcl]::Create(')
        : script,
    );

/** Starts this shell as if it were elevated, where the person agrees. */
export const elevateIn = (shell: FoundShell, agrees = true): Elevate => forDotNet(childElevate(shell, () => agrees));

/** The modules of a stand-in but Hyper-V, for a test that has one of its own: copied, since not every Windows links folders. */
export function copyAllButHyperV({ standIn }: FoundShell, to: string): StandIn {
  if (!standIn) throw new Error('no modules');
  fs.cpSync(standIn.modules, to, {
    recursive: true,
    filter: (file) => path.basename(path.dirname(file)) !== 'Hyper-V',
  });
  return { ...standIn, modules: to };
}
