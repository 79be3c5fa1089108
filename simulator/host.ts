/** The simulator called directly: the whole contract of Host without any PowerShell. */
import type {
  CallResult,
  ErrorRecord,
  Failure,
  FailureKind,
  Handshake,
  Host,
  HostCall,
  Target,
} from '../src/core/call.js';
import { cmdlets, deadlines, type CatalogEntry, type CmdletName } from '../src/core/cmdlets.js';
import { failureOf } from '../src/core/failure.js';
import { wireError } from './errors.js';
import { GarbageReply, SessionDied } from './faults.js';
import { project } from './projection.js';
import type { Simulator } from './simulator.js';
import type { WireError, WireReply } from './wire.js';

export interface SimulatedHostOptions {
  /** The shell is elevated: allowed for this session. */
  readonly elevated?: boolean;
  /** Called once when the session dies by a fault. */
  readonly onLost?: () => void;
}

type Outcome =
  | { readonly rows: readonly Readonly<Record<string, unknown>>[]; readonly errors: readonly Failure[] }
  | { readonly failed: Failure }
  | { readonly unknown: true; readonly failure: Failure };

/** Objects that an earlier call of a batch has returned, to be piped on. */
interface Piped {
  readonly type: string;
  readonly ids: readonly string[];
}
const reference = ({ type, ids }: Piped) => ids.map((id) => ({ $ref: { type, id } }));

/** The last part of a FullyQualifiedErrorId is the class of the cmdlet, except where PowerShell itself speaks. */
function recordOf(error: WireError, cmdlet: string): ErrorRecord {
  const owner =
    cmdlet === 'Get-CimInstance'
      ? 'Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand'
      : `Microsoft.HyperV.PowerShell.Commands.${cmdlet.replace('-', '')}`;
  const whole = error.id.includes(',') || error.exception === 'System.Management.Automation.CommandNotFoundException';
  return {
    id: whole ? error.id : `${error.id},${owner}`,
    category: error.category,
    target: error.target,
    exception: error.exception ?? 'Microsoft.HyperV.PowerShell.VirtualizationException',
    hresult: error.hresult ?? null,
    message: error.message,
  };
}

export function simulatedHost(simulator: Simulator, { elevated = false, onLost }: SimulatedHostOptions = {}): Host {
  const { clock } = simulator;
  const lanes = new Map<string, Promise<unknown>>();
  const closing = new Set<(kind: FailureKind) => void>();
  let lost: FailureKind | null = null;

  const end = (kind: FailureKind) => {
    if (lost) return;
    lost = kind;
    for (const tell of closing) tell(kind);
    if (kind === 'session-lost') onLost?.();
  };

  /** After all that was asked before in this lane. */
  function inLane<T>(lane: string, act: () => Promise<T>): Promise<T> {
    const before = lanes.get(lane) ?? Promise.resolve();
    const now = before.then(act);
    lanes.set(
      lane,
      now.catch(() => undefined),
    );
    return now;
  }

  async function callAll(calls: readonly HostCall[], signal: AbortSignal | undefined): Promise<readonly Outcome[]> {
    const changes = calls.some(({ cmdlet }) => entryOf(cmdlet).kind === 'change');
    return inLane(changes ? laneOf(calls) : 'read', async () => {
      const batch: Batch = { outcomes: [], piped: [], vms: new Map() };
      for (const call of calls) {
        // Only a change stops a batch; a read that found an error goes on (as bridge.ps1).
        const stopped = changes && batch.outcomes.some((outcome) => !('rows' in outcome));
        const outcome = stopped ? { failed: failure('cancelled', call.cmdlet) } : await callOne(call, batch, signal);
        batch.outcomes.push(outcome);
      }
      return batch.outcomes;
    });
  }

  interface Batch {
    readonly outcomes: Outcome[];
    /** By index of the call. */
    readonly piped: (Piped | undefined)[];
    /** In a batch Get-VM -Id runs once for each VM. */
    readonly vms: Map<string, Promise<WireReply>>;
  }

  /** What may end a call before it is answered: its deadline, the caller, the end of the session. Plain callbacks: a tick is cheap. */
  function watchFor(entry: CatalogEntry, signal: AbortSignal | undefined) {
    let stop = () => {};
    const ended = new Promise<FailureKind>((resolve) => {
      const takeBack = clock.after(deadlines[entry.deadline] * 1000, () => resolve('timed-out'));
      const onAbort = () => resolve('cancelled');
      signal?.addEventListener('abort', onAbort);
      closing.add(resolve);
      stop = () => {
        takeBack();
        signal?.removeEventListener('abort', onAbort);
        closing.delete(resolve);
      };
    });
    return { ended, stop: () => stop() };
  }

  async function callOne(call: HostCall, batch: Batch, signal: AbortSignal | undefined): Promise<Outcome> {
    const entry = entryOf(call.cmdlet);
    const index = batch.outcomes.length;
    if (lost) return { failed: failure(lost, call.cmdlet) };
    if (signal?.aborted) return { failed: failure('cancelled', call.cmdlet) };
    const watch = watchFor(entry, signal);
    // Whether the change itself has been sent: only from then on its outcome can be unknown.
    const sent = { change: false };
    try {
      const answer = await Promise.race([run(call, entry, batch, sent), watch.ended]);
      if (typeof answer === 'string') return notAnswered(call, sent.change, answer);
      batch.piped[index] = answer.piped;
      return answer.outcome;
    } catch (error) {
      if (error instanceof GarbageReply) return notAnswered(call, sent.change, 'unexpected');
      if (!(error instanceof SessionDied)) throw error;
      end('session-lost');
      return notAnswered(call, sent.change, 'session-lost');
    } finally {
      watch.stop();
    }
  }

  async function run(call: HostCall, entry: CatalogEntry, batch: Batch, sent: { change: boolean }) {
    const cmdlet = entry.cmdlet ?? call.cmdlet;
    const at = call.at.join('/');
    const send = (name: string, parameters: Readonly<Record<string, unknown>>) =>
      simulator.invoke({ machine: at, elevated, cmdlet: name, parameters });
    let input: Piped | undefined;
    if (call.on) {
      const found = await resolveTarget(call.on, batch, send);
      if ('error' in found) return refusal(found.error, call.cmdlet);
      if ('failed' in found) return { outcome: { failed: found.failed }, piped: undefined };
      if (found.ids.length === 0) {
        // Nothing is piped on: a read answers with nothing, a change is refused (as bridge.ps1).
        const record = bridgeRecord('NoObjects', `nothing for ${cmdlet} to work on`);
        return entry.kind === 'change' ? refusal(record, call.cmdlet) : nothing;
      }
      input = found;
    }
    sent.change = entry.kind === 'change';
    const takes = input && entry.takes ? { [entry.takes]: reference(input) } : {};
    const reply = await send(cmdlet, { ...definedOf(call.params), ...entry.fixed, ...takes });
    const { rows, unreadable } = project(entry.reads, reply);
    const errors = [
      ...reply.errors.map((error) => failureOf(recordOf(error, cmdlet), call.cmdlet)),
      ...unreadable.map(({ property, objects, error }) => ({
        // A getter that throws is reported by PowerShell, with the exception of the getter inside.
        ...failureOf(
          { ...recordOf(error, cmdlet), id: 'GetValueInvocationException', category: 'NotSpecified', target: null },
          call.cmdlet,
        ),
        property,
        objects,
      })),
    ];
    const [first] = errors;
    const outcome: Outcome = first && entry.kind === 'change' ? { failed: first } : { rows, errors };
    return { outcome, piped: pipedFrom(reply) };
  }

  async function resolveTarget(
    target: Target,
    batch: Batch,
    send: (name: string, parameters: Readonly<Record<string, unknown>>) => Promise<WireReply>,
  ): Promise<Piped | { readonly error: ErrorRecord } | { readonly failed: Failure }> {
    if ('call' in target) {
      const outcome = batch.outcomes[target.call];
      if (outcome && 'failed' in outcome) return { failed: outcome.failed };
      return batch.piped[target.call] ?? { type: 'VirtualMachine', ids: [] };
    }
    if ('switch' in target) {
      const found = await send('Get-VMSwitch', { Id: target.switch });
      const [failed] = found.errors;
      return failed ? { error: recordOf(failed, 'Get-VMSwitch') } : (pipedFrom(found) ?? { type: 'VMSwitch', ids: [] });
    }
    if ('nat' in target) {
      const found = await send('Get-NetNat', {});
      const [failed] = found.errors;
      if (failed) return { error: recordOf(failed, 'Get-NetNat') };
      const ids = found.rows.map((row) => String(row['InstanceID'])).filter((id) => id === target.nat);
      if (ids.length === 1) return { type: 'MSFT_NetNat', ids };
      return { error: bridgeRecord('KeepNotOne', `${ids.length} objects with InstanceID equal to ${target.nat}`) };
    }
    const asked = batch.vms.get(target.vm) ?? send('Get-VM', { Id: target.vm });
    batch.vms.set(target.vm, asked);
    const vm = await asked;
    const [error] = vm.errors;
    if (error) return { error: recordOf(error, 'Get-VM') };
    const found = pipedFrom(vm) ?? { type: 'VirtualMachine', ids: [] };
    // Without rights Get-VM answers with nothing and no error: there is nothing to change.
    if (found.ids.length === 0)
      return { error: recordOf(wireError('en', 'vm-not-found-id', { vmid: target.vm }), 'Get-VM') };
    if (!('adapter' in target)) return found;
    const adapters = await send('Get-VMNetworkAdapter', { VM: reference(found) });
    const [adapterError] = adapters.errors;
    if (adapterError) return { error: recordOf(adapterError, 'Get-VMNetworkAdapter') };
    const ids = (pipedFrom(adapters)?.ids ?? []).filter((id) => id.toLowerCase() === target.adapter.toLowerCase());
    if (ids.length !== 1)
      return { error: bridgeRecord('KeepNotOne', `${ids.length} objects with Id equal to ${target.adapter}`) };
    return { type: 'VMNetworkAdapter', ids };
  }

  const refusal = (record: ErrorRecord, cmdlet: CmdletName) => ({
    outcome:
      entryOf(cmdlet).kind === 'change'
        ? { failed: failureOf(record, cmdlet) }
        : { rows: [], errors: [failureOf(record, cmdlet)] },
    piped: undefined,
  });

  return {
    handshake: handshakeOf(simulator, elevated),
    async call(calls, signal) {
      const outcomes = await callAll(calls, signal);
      // Each outcome was made from the catalog entry of its call: projected by `reads`, in the order of the calls.
      return outcomes as unknown as { [I in keyof typeof calls]: CallResult<(typeof calls)[I]['cmdlet']> };
    },
    close() {
      end('cancelled');
      return Promise.resolve();
    },
  };
}

const nothing: { readonly outcome: Outcome; readonly piped: undefined } = {
  outcome: { rows: [], errors: [] },
  piped: undefined,
};

/** What the bridge itself refuses. */
const bridgeRecord = (id: string, message: string): ErrorRecord => ({
  id: `Bridge.${id}`,
  category: 'InvalidOperation',
  target: null,
  exception: 'System.InvalidOperationException',
  hresult: null,
  message,
});

const entryOf = (cmdlet: CmdletName): CatalogEntry => cmdlets[cmdlet];
const failure = (kind: FailureKind, cmdlet: CmdletName): Failure => ({ kind, cmdlet });

function notAnswered(call: HostCall, sentChange: boolean, kind: FailureKind): Outcome {
  const why = failure(kind, call.cmdlet);
  return sentChange ? { unknown: true, failure: why } : { failed: why };
}

function laneOf(calls: readonly HostCall[]): string {
  const [first] = calls.flatMap(({ on }) => (on && 'vm' in on ? [on.vm] : []));
  return first ?? 'host';
}

const definedOf = (params: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));

function pipedFrom(reply: WireReply): Piped | undefined {
  if (reply.type === undefined) return undefined;
  return { type: reply.type, ids: reply.rows.map((row) => String(row['Id'])) };
}

function handshakeOf(simulator: Simulator, elevated: boolean): Handshake {
  const { host } = simulator.world;
  const constrained = host.languageMode !== 'FullLanguage';
  return {
    shellVersion: `5.1.${host.windows.build}.2161`,
    edition: 'Desktop',
    languageMode: host.languageMode,
    pid: 4242,
    modules: Object.entries(host.modules).map(([name, state]) =>
      state === 'loaded'
        ? { name, state }
        : {
            name,
            state,
            record: recordOf(
              wireError(host.locale, state === 'missing' ? 'import-module-missing' : 'module-blocked', { name }, name),
              'Import-Module',
            ),
          },
    ),
    // In ConstrainedLanguage the methods that tell who runs it cannot be called.
    identity: constrained ? null : simulator.identityOf(elevated),
  };
}
