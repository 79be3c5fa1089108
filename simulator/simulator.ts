/** A Hyper-V made of data: takes calls as they come over the wire and answers as the real modules would. */
import type { Identity } from '../src/core/cmdlets/call.js';
import type { Clock } from './clock.js';
import { sleep } from './clock.js';
import { checkpoints } from './cmdlets/checkpoints.js';
import { cim } from './cmdlets/cim.js';
import { devices } from './cmdlets/devices.js';
import { disks, removal } from './cmdlets/disks.js';
import { dism } from './cmdlets/dism.js';
import { dnsClient } from './cmdlets/dns-client.js';
import { making } from './cmdlets/making.js';
import { netNat } from './cmdlets/net-nat.js';
import { netNatMapping } from './cmdlets/net-nat-mapping.js';
import { netTcpip } from './cmdlets/net-tcpip.js';
import { switches } from './cmdlets/switches.js';
import type { Invocation, ServedCmdlet } from './cmdlets/cmdlet.js';
import { problem } from './cmdlets/cmdlet.js';
import { power } from './cmdlets/power.js';
import { reads } from './cmdlets/reads.js';
import { registry } from './cmdlets/registry.js';
import { services } from './cmdlets/services.js';
import { settings } from './cmdlets/settings.js';
import { CmdletError } from './errors.js';
import { createFaults, GarbageReply, SessionDied, type FaultEffect, type FaultRule } from './faults.js';
import { hasBooted } from './guest.js';
import { Outside } from './outside.js';
import { bind, type Served } from './parameters.js';
import { askFor, startWindows } from './roles.js';
import { createSessions, identityIn, type Sessions } from './sessions.js';
import type { WireReply, WireRequest } from './wire.js';
import type { Act, SimulatedMachine, SimulatedVm, World } from './world.js';

const hyperV: Readonly<Record<string, ServedCmdlet>> = {
  ...reads,
  ...settings,
  ...power,
  ...checkpoints,
  ...making,
  ...switches,
  ...disks,
  ...devices,
};
const ofWindows: Readonly<Record<string, ServedCmdlet>> = {
  ...cim,
  ...dism,
  ...netNat,
  ...netNatMapping,
  ...netTcpip,
  ...dnsClient,
  ...registry,
  ...services,
  ...removal,
};

/** What each simulated cmdlet takes. */
export const served: Readonly<Record<string, Served>> = Object.fromEntries(
  Object.entries({ ...hyperV, ...ofWindows }).map(([name, { serves }]) => [name, serves]),
);

export type SimulatorEvent =
  | { readonly kind: 'call'; readonly request: WireRequest }
  | { readonly kind: 'reply'; readonly request: WireRequest; readonly reply: WireReply }
  | { readonly kind: 'changed'; readonly vm: SimulatedVm; readonly state: SimulatedVm['state'] };

export type ActAnswer = { readonly kind: 'done' } | { readonly kind: 'refused' };

export class Simulator {
  readonly outside: Outside;
  readonly sessions: Sessions;
  readonly #faults = createFaults();
  readonly #listeners = new Set<(event: SimulatorEvent) => void>();

  constructor(
    readonly world: World,
    readonly clock: Clock,
  ) {
    this.sessions = createSessions(clock);
    this.outside = new Outside(world, clock, (vm) => this.#changed(vm));
  }

  /** Faults, until they are taken back. */
  fault(rule: FaultRule): () => void {
    return this.#faults.add(rule);
  }

  on(listener: (event: SimulatorEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The next event of that sort; tests await it instead of sleeping. */
  once(matches: (event: SimulatorEvent) => boolean): Promise<SimulatorEvent> {
    return new Promise((resolve) => {
      const stop = this.on((event) => {
        if (!matches(event)) return;
        stop();
        resolve(event);
      });
    });
  }

  /** A machine by its path joined with '/'; undefined when there is none, or it does not run. */
  machineAt(path: string): SimulatedMachine | undefined {
    let machine: SimulatedMachine | undefined = this.world.host;
    for (const id of path.split('/').filter(Boolean)) {
      const vm: SimulatedVm | undefined = machine.vms.get(id);
      if (!vm?.guest.machine || !hasBooted(vm, this.clock)) return undefined;
      machine = vm.guest.machine;
    }
    return machine;
  }

  /** Answers as the cmdlet would. Rejects only for faults that leave no answer (SessionDied, GarbageReply). */
  async invoke(request: WireRequest): Promise<WireReply> {
    if (request.live) return this.#run(request, undefined);
    this.#emit({ kind: 'call', request: withoutPassword(request) });
    const effects = this.#faults.meet(request);
    for (const effect of effects) {
      if (effect.kind === 'slow') await sleep(this.clock, effect.seconds);
      if (effect.kind === 'meanwhile') effect.act();
      if (!('after' in effect) || !effect.after) await this.#break(effect);
    }
    const planned = effects.find((effect) => effect.kind === 'error');
    const ignored = effects.some((effect) => effect.kind === 'no-effect');
    const reply: WireReply = ignored ? { rows: [], warnings: [], errors: [] } : await this.#run(request, planned);
    for (const effect of effects) if ('after' in effect && effect.after) await this.#break(effect);
    this.#emit({ kind: 'reply', request: withoutPassword(request), reply });
    return reply;
  }

  /** What an elevated one-shot does, after the person answered the prompt as the scenario says. */
  act(act: Act): ActAnswer {
    const { host, elevation } = this.world;
    if (elevation.answer === 'refused') return { kind: 'refused' };
    // The text names who is to join by its SID: it is that account, whoever answered the prompt.
    if (act === 'join-group') host.identity = { ...host.identity, isMember: true };
    if (act === 'enable-hyper-v') for (const feature of Object.keys(host.features)) askFor(host, feature, true);
    const { vmms } = host.services;
    if (act === 'start-service' && vmms)
      host.services['vmms'] = { startMode: vmms.startMode === 'Disabled' ? 'Auto' : vmms.startMode, state: 'Running' };
    if (act === 'hypervisor-auto') this.#hypervisorAuto = true;
    return { kind: 'done' };
  }
  #hypervisorAuto = false;

  /** Who runs a shell: elevated it is the account that answered the prompt, which need not be the one that asked. */
  identityOf(elevated: boolean, session?: string): Identity {
    const inside = session === undefined ? undefined : this.sessions.userOf(session);
    if (inside) return identityIn(inside);
    const { host, elevation } = this.world;
    if (!elevated || elevation.answer !== 'other-account') return { ...host.identity, isElevated: elevated };
    return {
      ...host.identity,
      account: elevation.account,
      sid: elevation.sid,
      inToken: false,
      isMember: false,
      isElevated: true,
      isAdministrator: true,
    };
  }

  /** Signing out and in again: the groups of the account are in the token now. */
  signOut(): void {
    const { host } = this.world;
    host.identity = { ...host.identity, inToken: host.identity.isMember === true };
  }

  /** A restart of this PC: what was enabled is there now. */
  restart(): void {
    const { host, folklore } = this.world;
    this.signOut();
    const hadRole = host.services['vmms'] !== undefined;
    const stays = hadRole && !host.hypervisorRunning && !this.#hypervisorAuto;
    startWindows(host, host.processor.extensions);
    if (stays || !folklore.hypervisorStarts) host.hypervisorRunning = false;
  }

  async #run(request: WireRequest, planned: FaultEffect | undefined): Promise<WireReply> {
    const machine = this.machineAt(request.machine) ?? this.world.host;
    const rights = this.#rights(request, machine);
    const warnings: string[] = [];
    const errors: WireReply['errors'][number][] = [];
    const invocation: Invocation = {
      cmdlet: request.cmdlet,
      parameters: request.parameters,
      machine,
      world: this.world,
      clock: this.clock,
      ...rights,
      warnings,
      errors,
      changed: (vm) => this.#changed(vm),
    };
    try {
      if (planned?.kind === 'error') throw new CmdletError(planned.error);
      const isGone = request.machine !== '' && machine === this.world.host;
      if (isGone || !this.#isReached(request)) throw new CmdletError('psd-ended-51');
      const direct = this.sessions.answer(request, { machine, ...rights });
      if (direct) return direct;
      const { run, serves } = this.#find(request.cmdlet, machine);
      const answer = await run({ ...invocation, parameters: bind(request.cmdlet, request.parameters, serves) });
      return { ...(answer.type === undefined ? {} : { type: answer.type }), rows: answer.rows ?? [], warnings, errors };
    } catch (error) {
      if (!(error instanceof CmdletError)) throw error;
      problem(invocation, error.error, error.values, error.target);
      return { rows: [], warnings, errors };
    }
  }

  #isReached({ session }: WireRequest): boolean {
    return session === undefined || this.sessions.isOpen(session);
  }

  /** On this PC those of the shell; in a guest those of the account, and of an administrator where no session is named. */
  #rights(request: WireRequest, machine: SimulatedMachine) {
    if (machine === this.world.host)
      return { elevated: request.elevated, allowed: request.elevated || machine.identity.inToken };
    const user = request.session === undefined ? undefined : this.sessions.userOf(request.session);
    const isAdministrator = user?.user.isAdministrator ?? true;
    return { elevated: isAdministrator, allowed: isAdministrator };
  }

  #find(name: string, machine: SimulatedMachine): ServedCmdlet {
    const common = ofWindows[name];
    if (common) return common;
    const cmdlet = hyperV[name];
    if (!cmdlet) throw new CmdletError('not-simulated', { cmdlet: name });
    const module = machine.modules['Hyper-V'];
    if (module !== 'loaded')
      throw new CmdletError(module === 'blocked' ? 'module-blocked-call' : 'module-missing-51', { cmdlet: name }, name);
    const vmms = machine.services['vmms'];
    if (!vmms) throw new CmdletError('platform-not-installed', { host: machine.name });
    if (vmms.state !== 'Running') throw new CmdletError('vmms-stopped', { host: machine.name });
    return cmdlet;
  }

  async #break(effect: FaultEffect): Promise<void> {
    if (effect.kind === 'hang') await new Promise<never>(() => undefined);
    if (effect.kind === 'die') throw new SessionDied();
    if (effect.kind === 'garbage') throw new GarbageReply();
  }

  #changed(vm: SimulatedVm) {
    this.#emit({ kind: 'changed', vm, state: vm.state });
  }

  #emit(event: SimulatorEvent) {
    for (const listener of this.#listeners) listener(event);
  }
}

/** Nobody who listens has to see it. */
function withoutPassword(request: WireRequest): WireRequest {
  if (!('Password' in request.parameters)) return request;
  const { Password: _, ...parameters } = request.parameters;
  return { ...request, parameters };
}
