/** What is told of this PC when something is wrong: names, accounts and addresses become chips. Pure. */
import { idOf, thisPc, type HostId } from '../core/cmdlets/ref.js';
import { checksOfHost, checksOfVm } from '../core/checks/all.js';
import { carriedOut } from '../core/run/progress.js';
import type { Network } from '../core/machine/machine.js';
import type { RunRecord } from '../core/run/record.js';
import { parsePath } from '../core/change/paths.js';
import { ofHost, parseHostAddress } from '../core/machine/hosts.js';
import type { AppState, HostState, ShownHost } from '../ipc/schema.js';
import type { ReportFile } from '../ipc/report.js';
import { redactor, takingOut, type Named } from './redaction.js';
import { ifRead } from '../core/machine/reading.js';

export interface Versions {
  readonly app: string;
  readonly electron: string | undefined;
  readonly node: string;
  readonly system: string;
}

/** How many runs, newest first: what failed lately is in them. */
const runsTold = 5;

function reportOf(state: AppState, versions: Versions): unknown {
  const { connection, machine } = state;
  const handshake = connection.kind === 'ready' ? connection.handshake : undefined;
  const report = {
    versions,
    language: state.language,
    source: state.source,
    connection:
      connection.kind === 'ready' ? { kind: 'ready', elevated: connection.elevated, ...handshake } : connection,
    host: machine?.host,
    thirdParty: machine?.thirdParty,
    checks: machine && [
      ...checksOfHost(machine).map(({ id, verdict, evidence }) => ({ id, verdict, evidence })),
      ...ifRead(machine.vms, [], (all) =>
        all.flatMap((vm) =>
          checksOfVm(machine, vm)
            .filter(({ verdict }) => verdict !== 'ok')
            .map(({ id, verdict, evidence }) => ({ id, verdict, vm: vm.id, evidence })),
        ),
      ),
    ],
    vms: ifRead(machine?.vms, undefined, (all) => all.map(({ id, state: power, version, generation, nesting, inside, memory, unread }) => ({
      id, state: power, version, generation, nesting, inside, memory, unread,
    }))), // prettier-ignore
    runs: state.runs.slice(0, runsTold).map(({ appVersion, outcome, settled, trouble, events }) => ({
      appVersion,
      outcome,
      settled,
      trouble,
      failures: events.flatMap((event) => (event.kind === 'step' && event.failure ? [event.failure] : [])),
    })),
  };
  return report;
}

/** One text, to paste. `at`: the PC that it tells of. */
export const diagnostics = (state: AppState, versions: Versions, at = thisPc): string =>
  json(redactor(namesIn(state))(reportOf(stateAt(state, at), versions)));

const stateAt = (all: AppState, at: HostId): AppState => ({ ...all, ...ofHost<HostState>(all, at) });

interface Told {
  readonly at?: HostId;
  readonly log: string;
  readonly pasted?: string;
  /** Taken out besides. */
  readonly words: readonly string[];
}

/** The files of a problem report: the error it is about, what is known now, what the last runs did, and the end of the log. */
export function problemFiles(
  all: AppState,
  versions: Versions,
  { at = thisPc, log, pasted, words }: Told,
): readonly ReportFile[] {
  const state = stateAt(all, at);
  const redactNames = redactor(namesIn(all));
  const takeOut = takingOut(words);
  const redact = (value: unknown): unknown => takeOut(redactNames(value));
  return [
    ...(pasted === undefined ? [] : [{ name: 'error.txt', text: String(redact(pasted)) }]),
    { name: 'report.json', text: json(redact(reportOf(state, versions))) },
    { name: 'runs.json', text: json(redact(state.runs.slice(0, runsTold).map(storyOf))) },
    { name: 'hypernest.log', text: String(redact(log)) },
  ];
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);

/** Step by step; not the calls themselves, which say no more than these. */
function storyOf(run: RunRecord) {
  const steps = carriedOut(run).chains.flatMap(({ steps: all }) => all);
  return {
    id: run.id,
    appVersion: run.appVersion,
    goal: run.goal.kind,
    outcome: run.outcome,
    settled: run.settled,
    undoneBy: run.undoneBy,
    trouble: run.trouble,
    steps: steps.map(({ id, number, vm, kind, title, changes }) => ({
      number,
      vm,
      kind,
      title: title.key,
      changes,
      events: run.events.flatMap((event) =>
        event.kind === 'step' && event.step === id
          ? [{ time: event.time, state: event.state, readBack: event.readBack, failure: event.failure }]
          : [],
      ),
    })),
  };
}

/** What is known by name, and what its chip is called. The log is of every PC, and ssh names hosts as a person has written them. */
const namesIn = (all: AppState): readonly Named[] => [
  ...[all, ...Object.values(all.others)].flatMap(namesOfPc),
  ...all.hosts.flatMap(namesOfHost),
];

function namesOfHost({ label, address }: ShownHost): readonly Named[] {
  const read = parseHostAddress(address);
  const { user, name } = 'fault' in read ? {} : read;
  return [
    { kind: 'PC', texts: known(label, name) } as const,
    { kind: 'account', texts: known(user, user?.split('\\').at(-1), user?.split('@')[0]) } as const,
  ].filter(({ texts }) => texts.length > 0);
}

function namesOfPc({ machine, connection, runs, guests, accounts }: HostState): readonly Named[] {
  const identity = connection.kind === 'ready' ? connection.handshake.identity : (machine?.host.identity ?? null);
  const [domain = '', user = ''] = identity?.account.split('\\') ?? [];
  const outer = ifRead(machine?.vms, [], (all) => all);
  const inside = outer.flatMap(({ guest }) => guest ?? []);
  const all = [...outer, ...inside.flatMap((guest) => ifRead(guest.vms, [], (all) => all))];
  const vms = new Map<string, string[]>();
  const add = (id: string, name: string): unknown => vms.set(id, [...new Set([...(vms.get(id) ?? [id]), name])]);
  for (const vm of all) add(vm.id, vm.name);
  for (const { plan } of runs) for (const { vm, name } of plan.chains) add(idOf(vm), name);
  for (const { at, machine: name } of accounts) add(idOf(at), name);
  const machines = [...(machine ? [machine] : []), ...inside];
  const users = [...accounts.map(({ userName }) => userName), ...Object.values(guests).map(({ userName }) => userName)];
  return [
    ...[...vms.values()].map((texts): Named => ({ kind: 'VM', texts })),
    ...all
      .flatMap((vm) => ifRead(vm.nested, [], (all) => all))
      .map(({ name }): Named => ({ kind: 'nested-VM', texts: [name] })),
    ...all
      .flatMap((vm) => ifRead(vm.checkpoints, [], (all) => all))
      .map(({ id, name }): Named => ({ kind: 'checkpoint', texts: known(id, name) })),
    ...machines
      .flatMap(({ host }) => ifRead(host.switches, [], (all) => all))
      .map(({ id, name }): Named => ({ kind: 'switch', texts: known(id, name) })),
    ...all
      .flatMap((vm) => ifRead(vm.adapters, [], (all) => all))
      .flatMap(({ name, macAddress, switchName }): readonly Named[] => [
        { kind: 'adapter', texts: known(name, macAddress) },
        { kind: 'switch', texts: known(switchName) },
      ]),
    ...machines.flatMap(({ network }) => namesOfNetwork(network)),
    ...all
      .flatMap(({ nats }) => ifRead(nats, [], (own) => own))
      .map(({ id, name }): Named => ({ kind: 'made', texts: known(id, name) })),
    ...runs.flatMap(namesOfRun),
    { kind: 'account', texts: known(identity?.account, user, identity?.sid) } as const,
    ...users.map((name): Named => ({ kind: 'account', texts: known(name ?? undefined, name?.split('\\').at(-1)) })),
    { kind: 'PC', texts: known(machine?.host.name, domain) } as const,
    ...inside.map(({ host }): Named => ({ kind: 'PC', texts: known(host.name) })),
  ].filter(({ texts }) => texts.length > 0);
}

/** A VPN or a Wi-Fi tells whose it is; a check of overlapping networks names it. */
const namesOfNetwork = ({ adapters, routes, nats }: Partial<Network> = {}): readonly Named[] => [
  ...[
    ...ifRead(adapters, [], (all) => all.map(({ name }) => name)),
    ...ifRead(routes, [], (all) => all.map(({ adapter }) => adapter)),
  ].map((name): Named => ({ kind: 'adapter', texts: known(name) })),
  ...(typeof nats === 'object' ? nats : []).map(({ id, name }): Named => ({ kind: 'made', texts: known(id, name) })),
];

/** What a run made or connected, by the names that it was given: it may be gone by now. */
const namesOfRun = (run: RunRecord): readonly Named[] =>
  carriedOut(run)
    .chains.flatMap(({ steps }) => steps.flatMap(({ changes }) => changes))
    .flatMap(({ path, from, to }): readonly Named[] => {
      const parsed = parsePath(path);
      const values = [from, to].filter((value) => typeof value === 'string');
      if (parsed?.property === 'switch') return values.map((value) => ({ kind: 'switch', texts: known(value) }));
      // The number of a mapping is no name, and would stand for every such number.
      const hasName = parsed?.made !== undefined && parsed.made.what !== 'mapping';
      return hasName ? [parsed.made.id, ...values].map((text) => ({ kind: 'made', texts: known(text) })) : [];
    });

const known = (...texts: readonly (string | undefined)[]): readonly string[] =>
  texts.filter((text): text is string => text !== undefined && text !== '');
