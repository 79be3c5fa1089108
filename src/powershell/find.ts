/** Which shell, and the environment that it gets: built from scratch, so that nothing of the user's reaches it by accident. */
import { existsSync } from 'node:fs';
import path from 'node:path';

export interface FoundShell {
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Not the user's: a profile, a module path or a debugger's hook must not decide what runs (electron: NODE_OPTIONS, COR_*). */
export function windowsShell(environment: NodeJS.ProcessEnv): FoundShell {
  const root = environment['SystemRoot'] ?? 'C:\\Windows';
  const system = path.win32.join(root, 'System32');
  const home = path.win32.join(system, 'WindowsPowerShell', 'v1.0');
  const kept = [
    'SystemRoot',
    'SystemDrive',
    'windir',
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
    env: {
      ...Object.fromEntries(
        kept.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
      ),
      PATH: system,
      PSModulePath: path.win32.join(home, 'Modules'),
      // Restricted is the default of a client: it refuses .psm1 and .cdxml, Microsoft's own too. Group Policy wins over this.
      PSExecutionPolicyPreference: 'Bypass',
      POWERSHELL_TELEMETRY_OPTOUT: '1',
    },
  };
}

/** Quiet on stdout, no colours, no calls home (found on pwsh 7.6.5). */
export const quiet = {
  TERM: 'dumb',
  NO_COLOR: '1',
  POWERSHELL_TELEMETRY_OPTOUT: '1',
  POWERSHELL_UPDATECHECK: 'Off',
} as const;

/** `pwsh` on PATH; undefined: none. For the simulated workstation off Windows. */
export function pwshOnPath(environment: NodeJS.ProcessEnv): string | undefined {
  return (environment['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, process.platform === 'win32' ? 'pwsh.exe' : 'pwsh'))
    .find((file) => existsSync(file));
}
