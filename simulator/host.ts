/** The simulator called directly: the whole contract of Host without any PowerShell. */
import { textOf, type VmRef, type MachineRef } from '../src/core/cmdlets/ref.js';
import type { CallResult, ErrorRecord, Failure, FailureKind, Guid, Host, HostCall } from '../src/core/cmdlets/call.js';
import { cmdlets, deadlines, type CatalogEntry, type CmdletName } from '../src/core/cmdlets/catalog.js';
import { failureOf } from '../src/core/cmdlets/failure.js';
import { GarbageReply, SessionDied } from './faults.js';
import { project } from './projection.js';
import type { Simulator } from './simulator.js';
import { Guests, type CredentialSource } from './host-guests.js';
import { handshakeOf } from './handshake.js';
import { bridgeRecord, recordOf } from './records.js';
import type { WireReply } from './wire.js';
import { pipedFrom, reference, resolveTarget, type Batch, type Outcome, type Piped } from './targets.js';

export interface SimulatedHostOptions {
  /** The shell is elevated: allowed for this session. */
  readonly elevated?: boolean;
  /** Accounts inside guests, asked for before each batch; without them no guest is entered. */
  readonly credentials?: CredentialSource;
  /** Called once when the session dies by a fault. */
  readonly onLost?: () => void;
}

export const simulatedHost = (simulator: Simulator, options: SimulatedHostOptions = {}): Host =>
  new SimulatedHost(simulator, options);

class SimulatedHost implements Host {
  readonly handshake: Host['handshake'];
  readonly #simulator: Simulator;
  readonly #options: SimulatedHostOptions;
  readonly #elevated: boolean;
  readonly #guests: Guests;
  readonly #lanes = new Map<string, Promise<unknown>>();
  readonly #closing = new Set<(kind: FailureKind) => void>();
  #lost: FailureKind | null = null;

  constructor(simulator: Simulator, options: SimulatedHostOptions) {
    this.#simulator = simulator;
    this.#options = options;
    this.#elevated = options.elevated ?? false;
    this.#guests = new Guests(simulator, this.#elevated);
    this.handshake = handshakeOf(simulator, this.#elevated);
  }

  call: Host['call'] = async (calls, signal) => {
    const outcomes = await this.#callAll(calls, signal);
    // Each outcome was made from the catalog entry of its call: projected by `reads`, in the order of the calls.
    return outcomes as unknown as { [I in keyof typeof calls]: CallResult<(typeof calls)[I]['cmdlet']> };
  };

  closeGuest(vm: VmRef): void {
    const path = pathOf(vm);
    void this.#inLane(`guest:${path.join('/')}`, () => this.#guests.close(path));
  }

  close(): Promise<void> {
    this.#end('cancelled');
    return Promise.resolve();
  }

  #end(kind: FailureKind): void {
    if (this.#lost) return;
    this.#lost = kind;
    for (const tell of this.#closing) tell(kind);
    if (kind === 'session-lost') this.#options.onLost?.();
  }

  /** After all that was asked before in this lane. */
  #inLane<T>(lane: string, act: () => Promise<T>): Promise<T> {
    const before = this.#lanes.get(lane) ?? Promise.resolve();
    const now = before.then(act);
    this.#lanes.set(
      lane,
      now.catch(() => undefined),
    );
    return now;
  }

  async #callAll(calls: readonly HostCall[], signal: AbortSignal | undefined): Promise<readonly Outcome[]> {
    const changes = calls.some(({ cmdlet }) => entryOf(cmdlet).kind === 'change');
    const at = pathOf(calls[0]?.at);
    return this.#inLane(laneOf(calls, changes), async () => {
      const entered = await this.#enter(at, calls[0], signal);
      if ('failed' in entered) return calls.map(({ cmdlet }) => ({ failed: { ...entered.failed, cmdlet } }));
      const batch: Batch = { outcomes: [], piped: [], vms: new Map() };
      for (const call of calls) {
        // Only a change stops a batch; a read that found an error goes on (as bridge.ps1).
        const stopped = changes && batch.outcomes.some((outcome) => !('rows' in outcome));
        const outcome = stopped
          ? { failed: failure('cancelled', call.cmdlet) }
          : await this.#callOne(call, { batch, session: entered.session }, signal);
        batch.outcomes.push(outcome);
      }
      // What was on its way when the session inside ended has never arrived, and may have been done.
      const failed = this.#guests.lostAt(at);
      if (failed && !this.#lost) return calls.map((call) => lostInside(call, failed));
      return batch.outcomes;
    });
  }

  /** The way in to the machine that is asked; this PC needs none. */
  async #enter(at: readonly Guid[], first: HostCall | undefined, signal: AbortSignal | undefined) {
    if (at.length === 0 || !first || this.#lost || signal?.aborted) return { session: undefined };
    const accounts = this.#options.credentials?.(first.at);
    if (accounts?.length !== at.length || accounts.some(({ userName }) => userName === ''))
      return { failed: { kind: 'no-credentials' as const } };
    const watch = this.#watchFor(entryOf(first.cmdlet), signal);
    try {
      const entered = await Promise.race([this.#guests.enter(at, accounts), watch.ended]);
      return typeof entered === 'string' ? { failed: { kind: entered } } : entered;
    } catch (error) {
      if (!(error instanceof SessionDied) && !(error instanceof GarbageReply)) throw error;
      if (error instanceof SessionDied) this.#end('session-lost');
      return { failed: { kind: 'session-lost' as const } };
    } finally {
      watch.stop();
    }
  }

  /** What may end a call before it is answered: its deadline, the caller, the end of the session. Plain callbacks: a tick is cheap. */
  #watchFor(entry: CatalogEntry, signal: AbortSignal | undefined) {
    let stop = () => {};
    const ended = new Promise<FailureKind>((resolve) => {
      const takeBack = this.#simulator.clock.after(deadlines[entry.deadline] * 1000, () => resolve('timed-out'));
      const onAbort = () => resolve('cancelled');
      signal?.addEventListener('abort', onAbort);
      this.#closing.add(resolve);
      stop = () => {
        takeBack();
        signal?.removeEventListener('abort', onAbort);
        this.#closing.delete(resolve);
      };
    });
    return { ended, stop: () => stop() };
  }

  async #callOne(call: HostCall, inside: Inside, signal: AbortSignal | undefined): Promise<Outcome> {
    const { batch } = inside;
    const index = batch.outcomes.length;
    if (this.#lost) return { failed: failure(this.#lost, call.cmdlet) };
    if (signal?.aborted) return { failed: failure('cancelled', call.cmdlet) };
    const watch = this.#watchFor(entryOf(call.cmdlet), signal);
    // Whether the change itself has been sent: only from then on its outcome can be unknown.
    const sent = { change: false };
    try {
      const answer = await Promise.race([this.#run(call, inside, sent), watch.ended]);
      if (typeof answer === 'string') return notAnswered(call, sent.change, answer);
      batch.piped[index] = answer.piped;
      return answer.outcome;
    } catch (error) {
      if (error instanceof GarbageReply) return notAnswered(call, sent.change, 'unexpected');
      if (!(error instanceof SessionDied)) throw error;
      this.#end('session-lost');
      return notAnswered(call, sent.change, 'session-lost');
    } finally {
      watch.stop();
    }
  }

  async #run(call: HostCall, { batch, session }: Inside, sent: { change: boolean }) {
    const entry = entryOf(call.cmdlet);
    const cmdlet = entry.cmdlet ?? call.cmdlet;
    const at = pathOf(call.at).join('/');
    const send = (name: string, parameters: Readonly<Record<string, unknown>>) =>
      this.#simulator.invoke({
        machine: at,
        elevated: this.#elevated,
        cmdlet: name,
        parameters,
        ...(session === undefined ? {} : { session }),
      });
    let input: Piped | undefined;
    let given = {};
    if (call.on) {
      const found = await resolveTarget(call.on, batch, send);
      if ('error' in found) return refusal(found.error, call.cmdlet);
      if ('failed' in found) return { outcome: { failed: found.failed }, piped: undefined };
      if ('given' in found) given = found.given;
      else if (found.ids.length === 0) {
        // Nothing is piped on: a read answers with nothing, a change is refused (as bridge.ps1).
        const record = bridgeRecord('NoObjects', `nothing for ${cmdlet} to work on`);
        return entry.kind === 'change' ? refusal(record, call.cmdlet) : nothing;
      } else input = found;
    }
    sent.change = entry.kind === 'change';
    const takes = input && entry.takes ? { [entry.takes]: reference(input) } : {};
    const reply = await send(cmdlet, { ...definedOf(call.params), ...entry.fixed, ...takes, ...given });
    return { outcome: outcomeOf(call, entry, reply), piped: () => pipedFrom(reply) };
  }
}

/** What a call of a batch is made in. */
interface Inside {
  readonly batch: Batch;
  readonly session: string | undefined;
}

/** The rows as the catalog has them, and what went wrong beside them. */
function outcomeOf(call: HostCall, entry: CatalogEntry, reply: WireReply): Outcome {
  const cmdlet = entry.cmdlet ?? call.cmdlet;
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
  return first && entry.kind === 'change' ? { failed: first } : { rows, errors };
}

const refusal = (record: ErrorRecord, cmdlet: CmdletName) => ({
  outcome:
    entryOf(cmdlet).kind === 'change'
      ? { failed: failureOf(record, cmdlet) }
      : { rows: [], errors: [failureOf(record, cmdlet)] },
  piped: undefined,
});

const nothing: { readonly outcome: Outcome; readonly piped: undefined } = {
  outcome: { rows: [], errors: [] },
  piped: undefined,
};

const entryOf = (cmdlet: CmdletName): CatalogEntry => cmdlets[cmdlet];
const failure = (kind: FailureKind, cmdlet: CmdletName): Failure => ({ kind, cmdlet });

function notAnswered(call: HostCall, sentChange: boolean, kind: FailureKind): Outcome {
  const why = failure(kind, call.cmdlet);
  return sentChange ? { unknown: true, failure: why } : { failed: why };
}

/** The answer never came: a change may have been made. */
const lostInside = (call: HostCall, failed: Failure): Outcome =>
  entryOf(call.cmdlet).kind === 'change'
    ? { unknown: true, failure: { ...failed, cmdlet: call.cmdlet } }
    : { failed: { ...failed, cmdlet: call.cmdlet } };

/** Ids of the VMs that lead to a machine: what the simulator knows it by. */
const pathOf = (machine: MachineRef | undefined): readonly Guid[] =>
  machine ? textOf(machine).split('/').slice(1) : [];

/** Of a guest there is one session at a time; reads have a lane of their own; changes keep their order for each VM. */
function laneOf(calls: readonly HostCall[], changes: boolean): string {
  const [guest] = pathOf(calls[0]?.at);
  if (guest !== undefined) return `guest:${guest}`;
  if (!changes) return 'read';
  const [first] = calls.flatMap(({ on }) => (on && 'vm' in on ? [on.vm] : []));
  return first ?? 'host';
}

const definedOf = (params: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
