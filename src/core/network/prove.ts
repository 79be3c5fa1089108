/** Tries the network hop by hop, from inside a nested VM where it can be entered, else from the machine around it. */
import type { Message } from '../../text/index.js';
import { dnsFor } from './addresses.js';
import { natsOf } from './nat.js';
import { networkWant } from './resolve.js';
import { cardOf } from './uplinks.js';
import type { CallResult, Failure, Guid, Host, MachineRef } from '../cmdlets/call.js';
import type { Goal, VmWant } from '../machine/goal.js';
import type { Adapter, Machine, NetAdapter, Network, Vm } from '../machine/machine.js';
import { ask } from '../cmdlets/batch.js';
import { assembleNetwork, networkCalls } from '../machine/network-snapshot.js';
import type { Hop, HopId, Proof } from './proof.js';
import { isIn, parseAddress, parsePrefix } from './subnet.js';

/** Microsoft's own test of connectivity: answers HTTP everywhere Windows does. */
const OUTSIDE = 'www.msftconnecttest.com';
const HTTP = 80;

export interface ProofDeps {
  readonly host: Pick<Host, 'call'>;
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number;
  readonly date: () => Date;
  readonly heard: (proof: Proof) => void;
  readonly signal: AbortSignal;
}

/** What is tried, and what is known around it. */
export interface ProofOf {
  /** L0, with its network where it was read. */
  readonly root: Machine;
  /** L1, with its guest. */
  readonly l1: Vm;
  /** The nested VM; null: L1 stands for it. */
  readonly l2: Vm | null;
  /** Whether the inside of the nested VM can be entered. */
  readonly canEnter: boolean;
}

type Found = Omit<Hop, 'id' | 'milliseconds'>;
const order: readonly HopId[] = ['own-address', 'gateway', 'dns', 'outside'];

/** Resolves with the whole proof; each hop was heard before. Never rejects for what Windows answers. */
export async function prove(of: ProofOf, deps: ProofDeps): Promise<Proof> {
  const { l1, l2, canEnter } = of;
  const isInside = l2 !== null && canEnter;
  const path: MachineRef = isInside ? [l1.id, l2.id] : [l1.id];
  let proof: Proof = {
    at: [l1.id],
    vm: isInside ? l2.id : null,
    from: isInside ? l2.name : l1.name,
    state: 'running',
    startedAt: deps.date().toISOString(),
    hops: order.map((id) => ({ id, state: 'waiting' })),
  };
  const tell = (change: Partial<Proof>): void => {
    proof = { ...proof, ...change };
    deps.heard(proof);
  };
  const set = (id: HopId, hop: Omit<Hop, 'id'>): void =>
    tell({ hops: proof.hops.map((one) => (one.id === id ? { id, ...hop } : one)) });
  const attempt = async (id: HopId, tried: string | undefined, act: () => Promise<Found>): Promise<Found> => {
    set(id, { state: 'trying', ...(tried === undefined ? {} : { tried }) });
    const began = deps.now();
    const found = await act();
    if (!deps.signal.aborted)
      set(id, { ...(tried === undefined ? {} : { tried }), ...found, milliseconds: Math.round(deps.now() - began) });
    return found;
  };
  tell({});

  const way: { own?: Way } = {};
  const hops: Readonly<Record<HopId, () => Promise<Found>>> = {
    'own-address': () =>
      attempt('own-address', undefined, async () => {
        const network = await readNetwork(deps, path);
        if ('kind' in network) return { state: 'failed', failure: network };
        way.own = wayOf(network, isInside ? l2 : undefined);
        const { address } = way.own;
        if (address !== undefined && !isLinkLocal(address)) return { state: 'reached', tried: address };
        return {
          state: 'failed',
          ...(address === undefined ? {} : { tried: address }),
          ...causeOfNoAddress(of, isInside),
        };
      }),
    gateway: () => {
      const gateway = way.own?.gateway;
      return attempt('gateway', gateway, async () => {
        if (gateway === undefined) return { state: 'failed', cause: { key: 'proof.noGateway' } };
        const [ping] = await deps.host.call(
          [{ cmdlet: 'Test-NetConnection/Ping', params: { ComputerName: gateway }, at: path }],
          deps.signal,
        );
        const answer = rowsOf(ping)?.[0];
        if (answer?.PingSucceeded) return { state: 'reached' };
        return { state: 'failed', ...failureOf(ping), ...causeOfSilentGateway(of, gateway, isInside) };
      });
    },
    dns: () => {
      const servers = way.own?.dns ?? [];
      return attempt('dns', servers[0], () => askServers(deps, path, servers, of, isInside));
    },
    outside: () =>
      attempt('outside', OUTSIDE, async () => {
        const [port] = await deps.host.call(
          [{ cmdlet: 'Test-NetConnection/Port', params: { ComputerName: OUTSIDE, Port: HTTP }, at: path }],
          deps.signal,
        );
        if (rowsOf(port)?.[0]?.TcpTestSucceeded) return { state: 'reached' };
        return { state: 'failed', ...failureOf(port), cause: causeOutside(of, isInside) };
      }),
  };

  let silent: Found | undefined;
  for (const id of order) {
    const found = await hops[id]();
    if (deps.signal.aborted) break;
    if (found.state === 'reached') continue;
    // A gateway need not answer a ping: what lies behind it tells.
    if (id === 'gateway' && way.own?.gateway !== undefined && found.failure === undefined) {
      silent = found;
      continue;
    }
    if (silent) {
      // Nothing behind it answers either: the gateway is the hop that fails.
      const { tried } = proof.hops.find((hop) => hop.id === 'gateway') ?? {};
      set('gateway', { ...(tried === undefined ? {} : { tried }), ...silent });
      for (const later of order.slice(2)) set(later, { state: 'not-tried' });
    } else for (const later of order.slice(order.indexOf(id) + 1)) set(later, { state: 'not-tried' });
    tell({ state: 'done' });
    return proof;
  }
  if (deps.signal.aborted) {
    const left = proof.hops.map((hop) =>
      hop.state === 'trying' || hop.state === 'waiting' ? { id: hop.id, state: 'not-tried' as const } : hop,
    );
    tell({ state: 'stopped', hops: left });
    return proof;
  }
  if (silent) {
    const { tried } = proof.hops.find((hop) => hop.id === 'gateway') ?? {};
    set('gateway', { state: 'reached', ...(tried === undefined ? {} : { tried }) });
  }
  tell({ state: 'done' });
  return proof;
}

const rowsOf = <Row>(result: { readonly rows: readonly Row[] } | object): readonly Row[] | undefined =>
  'rows' in result ? result.rows : undefined;

/** A refusal of the way inside; that a host did not answer is no failure of a call. */
function failureOf(result: CallResult | undefined): { readonly failure?: Failure } {
  if (!result || 'rows' in result) return {};
  return { failure: 'failed' in result ? result.failed : result.failure };
}

async function readNetwork({ host, date, signal }: ProofDeps, path: MachineRef): Promise<Network | Failure> {
  const answers = await ask(host, networkCalls(path), signal);
  const { adapters } = answers;
  if (!('rows' in adapters)) return 'failed' in adapters ? adapters.failed : adapters.failure;
  return assembleNetwork(answers, date().toISOString());
}

interface Way {
  readonly address: string | undefined;
  readonly gateway: string | undefined;
  readonly dns: readonly string[];
  readonly index: number | undefined;
}

/** The way out of a machine: of a nested VM by its adapter's card, else where the default route leads. */
function wayOf(network: Network, vm: Vm | undefined): Way {
  const out = network.routes?.find(({ prefix }) => prefix === '0.0.0.0/0');
  const card = cards(network, vm)[0];
  const index = out?.index ?? card?.index;
  return {
    index,
    address: network.addresses?.find((one) => one.index === index)?.address,
    gateway: out?.nextHop,
    dns: (network.dns?.find((one) => one.index === index)?.servers ?? []).filter(
      (server) => parseAddress(server) !== undefined,
    ),
  };
}
const cards = (network: Network, vm: Vm | undefined): readonly NetAdapter[] =>
  (network.adapters ?? []).filter(
    ({ macAddress, hardware }) =>
      vm?.adapters?.some((adapter) => adapter.macAddress === macAddress) ?? hardware !== false,
  );

const isLinkLocal = (address: string): boolean => address.startsWith('169.254.');

async function askServers(
  deps: ProofDeps,
  path: MachineRef,
  servers: readonly string[],
  of: ProofOf,
  isInside: boolean,
): Promise<Found> {
  if (servers.length === 0) return { state: 'failed', ...causeOfDns(of, { key: 'proof.noDns' }, isInside) };
  let last: CallResult | undefined;
  for (const server of servers) {
    const [answer] = await deps.host.call(
      [{ cmdlet: 'Resolve-DnsName', params: { Name: OUTSIDE, Server: server }, at: path }],
      deps.signal,
    );
    if (rowsOf(answer)?.some(({ IPAddress }) => typeof IPAddress === 'string'))
      return { state: 'reached', tried: server };
    if (deps.signal.aborted) break;
    last = answer;
  }
  const [server = ''] = servers;
  return {
    state: 'failed',
    ...failureOf(last),
    ...causeOfDns(of, { key: 'proof.dnsSilent', params: { server } }, isInside),
  };
}

/** The nested VM's adapter and the switch that it is on; of L1 standing for it, none. */
function connectionOf({
  l1,
  l2,
}: ProofOf): { readonly adapter: Adapter; readonly type: string | undefined } | undefined {
  const adapter = l2?.adapters?.[0];
  const one = l1.guest?.host.switches?.find(({ id }) => id === adapter?.switchId);
  return adapter && { adapter, type: one?.type };
}

/** The L0 adapter under an external switch of L1, where spoofing is off: frames of nested VMs are dropped there. */
function withoutSpoofing({ l1 }: ProofOf): Adapter | undefined {
  return l1.adapters?.find(
    (adapter) =>
      adapter.macSpoofing === 'Off' &&
      adapter.switchId !== null &&
      isUnderExternal(l1.guest, cardOf(l1.guest, adapter)),
  );
}
const isUnderExternal = (guest: Machine | undefined, card: NetAdapter | undefined): boolean =>
  guest?.host.switches?.some((one) => one.type === 'External' && one.adapterDescription === card?.description) ?? false;

const goalFor = (vm: Guid, want: VmWant): Goal => ({ kind: 'vms', wants: [{ at: [], vm, want }], consents: [] });

/** The way that is offered for this nested VM, as a goal. */
function networkFix({ root, l1, l2 }: ProofOf): { readonly fix?: Goal } {
  const adapter = l2?.adapters?.[0];
  if (!l2 || !adapter) return {};
  const want = networkWant(root, l1, 'nat', [{ vm: l2, adapter }]);
  return want ? { fix: goalFor(l1.id, { network: want }) } : {};
}

interface Cause {
  readonly cause: Message;
  readonly fix?: Goal;
}

function spoofingCause(of: ProofOf): Cause | undefined {
  if (connectionOf(of)?.type !== 'External') return undefined;
  const adapter = withoutSpoofing(of);
  if (!adapter) return undefined;
  return {
    cause: { key: 'proof.spoofingOff', params: { vm: of.l1.name } },
    fix: goalFor(of.l1.id, { adapters: { [adapter.id]: { macSpoofing: 'On' } } }),
  };
}

function causeOfNoAddress(of: ProofOf, isInside: boolean): Cause {
  const connection = connectionOf(of);
  if (!isInside || !connection || !of.l2) return { cause: { key: 'proof.noAddress' } };
  const params = { vm: of.l2.name };
  if (connection.adapter.switchId === null) return { cause: { key: 'proof.notConnected', params }, ...networkFix(of) };
  const spoofing = spoofingCause(of);
  if (spoofing) return spoofing;
  if (connection.type === 'Internal' && natsOf(of.l1.guest?.network).length > 0)
    return { cause: { key: 'proof.natGivesNone', params }, ...networkFix(of) };
  if (connection.type === 'Private') return { cause: { key: 'proof.privateSwitch', params }, ...networkFix(of) };
  return { cause: { key: 'proof.noDhcp', params }, ...networkFix(of) };
}

function causeOfSilentGateway(of: ProofOf, gateway: string, isInside: boolean): Cause {
  const spoofing = isInside ? spoofingCause(of) : undefined;
  if (spoofing) return spoofing;
  const { l1, l2 } = of;
  if (isInside && l2?.adapters?.[0]?.switchId === null)
    return { cause: { key: 'proof.notConnected', params: { vm: l2.name } }, ...networkFix(of) };
  const has = (l1.guest?.network?.addresses ?? []).some(({ address }) => address === gateway);
  const isOfNat = natsOf(l1.guest?.network).some(({ prefix }) => contains(prefix, gateway));
  if (isInside && isOfNat && !has)
    return { cause: { key: 'proof.gatewayGone', params: { gateway, vm: l1.name } }, ...networkFix(of) };
  return { cause: { key: 'proof.gatewaySilent', params: { gateway } } };
}

function contains(prefix: string, address: string): boolean {
  const parsed = parsePrefix(prefix);
  const number = parseAddress(address);
  return parsed !== undefined && number !== undefined && isIn(number, parsed);
}

/** Another name server is offered where the address of the nested VM is ours to set. */
function causeOfDns(of: ProofOf, cause: Message, isInside: boolean): Cause {
  const { root, l1 } = of;
  const others = l1.guest ? dnsFor(root, l1.guest) : [];
  const isOfNat = connectionOf(of)?.type === 'Internal' && natsOf(l1.guest?.network).length > 0;
  return isInside && isOfNat && others.length > 0 ? { cause, ...networkFix(of) } : { cause };
}

function causeOutside({ l1 }: ProofOf, isInside: boolean): Message {
  const nats = natsOf(l1.guest?.network);
  if (isInside && nats.length > 1)
    return { key: 'proof.severalNats', params: { count: String(nats.length), vm: l1.name } };
  return { key: 'proof.outsideSilent', params: { name: OUTSIDE } };
}
