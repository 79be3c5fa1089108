/** What the parts of the suite share: the host with its own throw-away VMs, and everything that it answers, recorded. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { thisPc, type VmRef } from '../../src/core/cmdlets/ref.js';
import type { Credential } from '../../src/core/cmdlets/credentials.js';
import type { CallResult, Failure, HostCall } from '../../src/core/cmdlets/call.js';
import type { CmdletName, Params } from '../../src/core/cmdlets/catalog.js';
import { readOf } from '../../src/core/cmdlets/reads.js';
import type { Session } from '../../src/powershell/session.js';
import { credentialsFrom, Pc } from '../pc.js';
import { Recorder, writeRecording } from './recording.js';
import { isLive, openBridge, openTarget, type BridgeOptions, type Target } from './target.js';

export interface Live {
  readonly target: Target;
  readonly recorder: Recorder;
  /** As the app has it. */
  readonly pc: Pc;
  /** With what the app does inside guests too. */
  readonly session: Session;
  readonly open: (options?: BridgeOptions) => Promise<Session>;
  /** What such a session answers is recorded too, and it is closed at the end. */
  readonly record: (session: Session) => Session;
  /** A VM of our own, off, by its whole name. */
  readonly make: (name: string, version?: string) => Promise<string>;
  readonly act: (act: string, vm: string) => Promise<void>;
  /** All that is ours goes. */
  readonly clean: () => Promise<void>;
  /** Calls of our own VM, by its name: of whatever is catalogued. */
  readonly ask: <Name extends CmdletName>(
    cmdlet: Name,
    params: Params<Name>,
    on?: HostCall['on'],
  ) => Promise<CallResult<Name>>;
  readonly close: () => Promise<void>;
}

/** Every reply goes to the recorder. */
const recorded = (session: Session, recorder: Recorder): Session => ({
  ...session,
  async call(calls, signal) {
    const began = performance.now();
    const results = await session.call(calls, signal);
    recorder.take(calls, results, performance.now() - began);
    return results;
  },
});

/** Opened before the tests that call this and closed after them; each of them is a step of the recording. */
export function liveDuring(suite: 'live' | 'guest' = 'live'): () => Live {
  let opened: Live | undefined;
  const live = (): Live => {
    if (!opened) throw new Error('not opened');
    return opened;
  };
  beforeAll(async () => void (opened = await openLive(suite)));
  beforeEach(({ task }) => {
    live().recorder.step = [task.suite?.name, task.name].join(': ');
  });
  afterAll(() => opened?.close());
  return live;
}

/** What is recorded goes into a file of that name. */
async function openLive(suite: 'live' | 'guest'): Promise<Live> {
  // An AMD, as hosted runners are, or one with a guest that is a machine.
  const target = await openTarget(suite === 'live' ? 'amd-on-windows-11' : 'workstation');
  const recorder = new Recorder(isLive ? 'windows' : 'simulated');
  const sessions: Session[] = [];
  const record = (opened: Session): Session => {
    const session = recorded(opened, recorder);
    sessions.push(session);
    return session;
  };
  const open = async (options?: BridgeOptions): Promise<Session> => record(await openBridge(target, options));
  try {
    await target.act('clean');
    const began = performance.now();
    const accounts = new Map<VmRef, Credential>();
    const app = await open({ credentials: credentialsFrom(accounts) });
    recorder.seconds('start', (performance.now() - began) / 1000);
    const session = await open({ inside: true });
    const pc = new Pc(app, target.time, accounts);
    await hideNames(pc, recorder);
    const look = () => pc.reader.read({ all: true, vms: [] });
    const shortOf = (vm: string): string => vm.slice(target.prefix.length + 1);
    return {
      target,
      recorder,
      pc,
      session,
      open,
      record,
      async make(name, version) {
        await target.act('new', name, version === undefined ? {} : { version });
        await look();
        return `${target.prefix}-${name}`;
      },
      async act(act, vm) {
        await target.act(act, shortOf(vm));
        await look();
      },
      async clean() {
        await target.act('clean');
        await look();
      },
      async ask(cmdlet, params, on) {
        // Of one cmdlet: TypeScript does not tell so many apart.
        const call = { cmdlet, params, at: thisPc, ...(on ? { on } : {}) } as unknown as HostCall;
        const [result] = await session.call([call]);
        return result as CallResult<typeof cmdlet>;
      },
      async close() {
        // Whatever became of the tests and becomes of the rest, what Windows said is kept.
        try {
          writeRecording(suite, recorder.recording(versionsOf(session, pc)));
        } finally {
          await Promise.all(sessions.map((one) => one.close()));
          await target.act('clean');
          await target.close();
        }
      },
    };
  } catch (error) {
    await Promise.all(sessions.map((one) => one.close()));
    await target.close();
    throw error;
  }
}

function versionsOf({ handshake }: Session, { reader }: Pc): Readonly<Record<string, string>> {
  const windows = reader.machine?.host.windows;
  return {
    image: process.env['ImageVersion'] ?? '',
    windows: windows ? `${windows.caption} ${String(windows.build)}` : '',
    powershell: handshake.shellVersion,
  };
}

/** Of this PC, its account, its VMs, switches and adapters, and of what is made. */
async function hideNames(pc: Pc, recorder: Recorder): Promise<void> {
  const { host, vms } = await pc.read();
  await pc.reader.readNetwork();
  const { account = '', sid } = pc.host.handshake.identity ?? {};
  recorder.hide(host.name, sid, account, ...account.split('\\'), 'hn-live');
  for (const { name, checkpoints } of vms ?? []) recorder.hide(name, ...(checkpoints ?? []).map((one) => one.name));
  for (const { name } of host.switches ?? []) recorder.hide(name);
  for (const { name } of pc.reader.machine?.network?.adapters ?? []) recorder.hide(name);
}

/** The one failure of a call that was refused, whole. */
export function failureOf(result: CallResult): Failure {
  const [failure] = readOf(result).errors;
  if (!failure) throw new Error(`not refused: ${JSON.stringify(result)}`);
  return failure;
}

/** Asked again each second until it is so; what is last is what the test sees. */
export async function eventually<Value>(
  { time }: Target,
  seconds: number,
  ask: () => Promise<Value>,
  isSo: (value: Value) => boolean,
): Promise<Value> {
  const end = time.now() + seconds * 1000;
  for (;;) {
    const value = await ask();
    if (isSo(value) || time.now() >= end) return value;
    await time.wait(1);
  }
}
