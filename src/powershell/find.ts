/** Which shell, and the environment that it gets: built from scratch, so that nothing of the user's reaches it by accident. */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { StandIn } from './bootstrap.js';

export interface FoundShell {
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
  /** The folder that it starts in; not given: ours. */
  readonly cwd?: string;
  readonly standIn?: StandIn;
}

/**
 * The folder of Windows as its kernel names it: the variables that tell it too are the user's to set. They are asked only where the
 * kernel's name leads nowhere. Not checked on Windows.
 */
export function windowsFolder(environment: NodeJS.ProcessEnv, resolve: (file: string) => string = realpathSync.native) {
  try {
    const found = resolve('\\\\?\\GLOBALROOT\\SystemRoot');
    if (/^[a-z]:\\./i.test(found)) return found;
  } catch {
    // Not Windows, or one that does not know this name.
  }
  return environment['SystemRoot'] ?? 'C:\\Windows';
}

/** Of an environment these variables, as far as they are there. */
export const keptOf = (environment: NodeJS.ProcessEnv, names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])));

/** Not the user's: a profile, a module path or a debugger's hook must not decide what runs (electron: NODE_OPTIONS, COR_*). */
export function windowsShell(environment: NodeJS.ProcessEnv, root: string): FoundShell {
  const system = path.win32.join(root, 'System32');
  const home = path.win32.join(system, 'WindowsPowerShell', 'v1.0');
  const kept = [
    'TEMP',
    'TMP',
    'USERPROFILE',
    'LOCALAPPDATA',
    'APPDATA',
    'USERNAME',
    'USERDOMAIN',
    'COMPUTERNAME',
    'ProgramData',
    'NUMBER_OF_PROCESSORS',
    'PROCESSOR_ARCHITECTURE',
  ];
  return {
    executable: path.win32.join(home, 'powershell.exe'),
    // Not the folder that the app was started in: programs look for their libraries there.
    cwd: system,
    env: {
      ...keptOf(environment, kept),
      SystemRoot: root,
      windir: root,
      SystemDrive: root.slice(0, 2),
      PATH: system,
      PSModulePath: path.win32.join(home, 'Modules'),
      // Restricted is the default of a client: it refuses .psm1 and .cdxml, Microsoft's own too. Group Policy wins over this.
      PSExecutionPolicyPreference: 'Bypass',
      POWERSHELL_TELEMETRY_OPTOUT: '1',
    },
  };
}

/** Quiet on stdout, no colours, no calls home (found on PowerShell 7.6.5). */
export const quiet = {
  TERM: 'dumb',
  NO_COLOR: '1',
  POWERSHELL_TELEMETRY_OPTOUT: '1',
  POWERSHELL_UPDATECHECK: 'Off',
} as const;
