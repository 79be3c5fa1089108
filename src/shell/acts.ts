/** The few programs that the app starts beside PowerShell: each with a fixed path and arguments of a fixed shape. Main only. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { idOf, isIdText, type VmRef } from '../core/cmdlets/ref.js';
import type { Tool } from '../ipc/schema.js';

const programs = {
  /** The screen and keyboard of a VM. By id: a name may begin with a switch. */
  connect: { file: 'vmconnect.exe', args: (id: string, host = 'localhost') => [host, '-G', id] },
  signOut: { file: 'shutdown.exe', args: () => ['/l'] },
  /** Without /f: a program with unsaved work can still ask. */
  restart: { file: 'shutdown.exe', args: () => ['/r', '/t', '0'] },
} as const;

export interface Acts {
  /** Resolves to whether the program could be started. */
  connect(vm: VmRef): Promise<boolean>;
  signOut(): Promise<boolean>;
  restart(): Promise<boolean>;
}

/** What is started, for the test and for nothing else to be possible. */
export function commandOf(
  windows: string,
  act:
    | { readonly kind: 'connect'; readonly vm: VmRef; /** another PC, by its name */ readonly host?: string }
    | { readonly kind: 'sign-out' }
    | { readonly kind: 'restart' },
): {
  readonly file: string;
  readonly args: readonly string[];
} {
  const full = (file: string): string => path.win32.join(windows, 'System32', file);
  if (act.kind === 'sign-out') return { file: full(programs.signOut.file), args: programs.signOut.args() };
  if (act.kind === 'restart') return { file: full(programs.restart.file), args: programs.restart.args() };
  const id = idOf(act.vm);
  if (!isIdText(id)) throw new Error('not the id of a VM');
  if (act.host !== undefined && !aHost.test(act.host)) throw new Error('not the name of a host');
  return { file: full(programs.connect.file), args: programs.connect.args(id, act.host) };
}
/** A name of DNS, or an IP address. */
const aHost = /^[A-Za-z0-9_:][A-Za-z0-9_.:-]*$/;

/** A VM of another PC: vmconnect signs in there by itself, as Windows does, not over SSH. */
export const connectTo = (windows: string, host: string, vm: VmRef): Promise<boolean> =>
  start(commandOf(windows, { kind: 'connect', vm, host }));

/** Opened as by a double click: Windows asks where one of them wants to be elevated, which a started process cannot. */
export function toolIn(windows: string, tool: Tool): string {
  if (tool === 'hyper-v-manager') return path.win32.join(windows, 'System32', 'virtmgmt.msc');
  return path.win32.join(path.win32.parse(windows).root, 'Program Files', 'Hyper-V', 'VMCreate.exe');
}

/** `windows`: its folder. */
export const windowsActs = (windows: string): Acts => ({
  connect: (vm) => start(commandOf(windows, { kind: 'connect', vm })),
  signOut: () => start(commandOf(windows, { kind: 'sign-out' })),
  restart: () => start(commandOf(windows, { kind: 'restart' })),
});

function start({ file, args }: ReturnType<typeof commandOf>): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: path.win32.dirname(file), shell: false, detached: true, stdio: 'ignore' });
    child.once('spawn', () => resolve(true));
    child.once('error', () => resolve(false));
    child.unref();
  });
}
