/** Tries the network hop by hop, from inside a nested VM where it can be entered, else from the machine around it. */
import { vmIn, type MachineRef } from '../cmdlets/ref.js';
import { ask } from '../cmdlets/batch.js';
import type { CallResult, Failure, Host } from '../cmdlets/call.js';
import type { NetAdapter, Network, Vm } from '../machine/machine.js';
import { assembleNetwork, networkCalls } from '../machine/network-snapshot.js';
import { causeOfDns, causeOfNoAddress, causeOfSilentGateway, causeOutside, OUTSIDE, type ProofOf } from './causes.js';
import type { Hop, HopId, Proof } from './proof.js';
import { isLinkLocal, parseAddress } from './subnet.js';
import { ifRead } from '../machine/reading.js';

const HTTP = 80;

export interface ProofDeps {
  readonly host: Pick<Host, 'call'>;
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number;
  readonly date: () => Date;
  readonly heard: (proof: Proof) => void;
  readonly signal: AbortSignal;
}

type Found = Omit<Hop, 'id' | 'milliseconds'>;
const order: readonly HopId[] = ['own-address', 'gateway', 'dns', 'outside'];

/** Resolves with the whole proof; each hop was heard before. Never rejects for what Windows answers. */
export async function prove(of: ProofOf, deps: ProofDeps): Promise<Proof> {
  const { at, l1, l2, canEnter } = of;
  const inner = l2 !== null && canEnter ? vmIn(at, l2.id) : null;
  const isInside = inner !== null;
  const telling = new Telling(deps.heard, {
    at,
    vm: inner,
    from: (isInside ? l2 : null)?.name ?? l1.name,
    state: 'running',
    startedAt: deps.date().toISOString(),
    hops: order.map((id) => ({ id, state: 'waiting' })),
  });
  const tries = triesOf({ of, deps, isInside, path: inner ?? at });
  let silent: Found | undefined;
  for (const id of order) {
    const found = await attempt(id, tries[id], deps, telling);
    if (deps.signal.aborted) return telling.stopped();
    if (found.state === 'reached') continue;
    // A gateway need not answer a ping: what lies behind it tells.
    if (id === 'gateway' && tries.gateway.tried() !== undefined && found.failure === undefined) {
      silent = found;
      continue;
    }
    // Where nothing behind it answers either, the gateway is the hop that fails.
    if (silent) telling.set('gateway', { ...telling.triedAt('gateway'), ...silent });
    return telling.endedAt(silent ? 'gateway' : id);
  }
  if (silent) telling.set('gateway', { state: 'reached', ...telling.triedAt('gateway') });
  return telling.tell({ state: 'done' });
}

/** The proof so far; each change of it is heard. */
class Telling {
  constructor(
    private readonly heard: (proof: Proof) => void,
    private proof: Proof,
  ) {
    this.tell({});
  }

  tell(change: Partial<Proof>): Proof {
    this.proof = { ...this.proof, ...change };
    this.heard(this.proof);
    return this.proof;
  }

  set(id: HopId, hop: Omit<Hop, 'id'>): void {
    this.tell({ hops: this.proof.hops.map((one) => (one.id === id ? { id, ...hop } : one)) });
  }

  triedAt(id: HopId): Pick<Hop, 'tried'> {
    const { tried } = this.proof.hops.find((hop) => hop.id === id) ?? {};
    return tried === undefined ? {} : { tried };
  }

  /** What comes after it was not tried, or says nothing. */
  endedAt(id: HopId): Proof {
    for (const later of order.slice(order.indexOf(id) + 1)) this.set(later, { state: 'not-tried' });
    return this.tell({ state: 'done' });
  }

  stopped(): Proof {
    const hops = this.proof.hops.map((hop) =>
      hop.state === 'trying' || hop.state === 'waiting' ? { id: hop.id, state: 'not-tried' as const } : hop,
    );
    return this.tell({ state: 'stopped', hops });
  }
}

interface Try {
  /** The address or name that is asked, as far as it is known before. */
  readonly tried: () => string | undefined;
  readonly act: () => Promise<Found>;
}

async function attempt(id: HopId, { tried, act }: Try, { now, signal }: ProofDeps, telling: Telling): Promise<Found> {
  const asked = tried();
  const known = asked === undefined ? {} : { tried: asked };
  telling.set(id, { state: 'trying', ...known });
  const began = now();
  const found = await act();
  if (!signal.aborted) telling.set(id, { ...known, ...found, milliseconds: Math.round(now() - began) });
  return found;
}

interface Trying {
  readonly of: ProofOf;
  readonly deps: ProofDeps;
  readonly isInside: boolean;
  /** The machine that tries. */
  readonly path: MachineRef;
}

function triesOf(trying: Trying): Readonly<Record<HopId, Try>> {
  const { of, deps, isInside, path } = trying;
  let way: Way | undefined;
  return {
    'own-address': {
      tried: () => undefined,
      act: async () => {
        const network = await readNetwork(deps, path);
        if ('kind' in network) return { state: 'failed', failure: network };
        way = wayOf(network, isInside ? (of.l2 ?? undefined) : undefined);
        const { address } = way;
        const tried = address === undefined ? {} : { tried: address };
        if (address !== undefined && !isLinkLocal(address)) return { state: 'reached', ...tried };
        return { state: 'failed', ...tried, ...causeOfNoAddress(of, isInside) };
      },
    },
    gateway: { tried: () => way?.gateway, act: () => askGateway(trying, way?.gateway) },
    dns: { tried: () => way?.dns[0], act: () => askServers(deps, path, way?.dns ?? [], of, isInside) },
    outside: { tried: () => OUTSIDE, act: () => askOutside(trying) },
  };
}

async function askGateway({ of, deps, isInside, path }: Trying, gateway: string | undefined): Promise<Found> {
  if (gateway === undefined) return { state: 'failed', cause: { key: 'proof.noGateway' } };
  const [ping] = await deps.host.call(
    [{ cmdlet: 'Test-NetConnection/Ping', params: { ComputerName: gateway }, at: path }],
    deps.signal,
  );
  if (rowsOf(ping)?.[0]?.PingSucceeded) return { state: 'reached' };
  return { state: 'failed', ...failureOf(ping), ...causeOfSilentGateway(of, gateway, isInside) };
}

async function askOutside({ of, deps, isInside, path }: Trying): Promise<Found> {
  const [port] = await deps.host.call(
    [{ cmdlet: 'Test-NetConnection/Port', params: { ComputerName: OUTSIDE, Port: HTTP }, at: path }],
    deps.signal,
  );
  if (rowsOf(port)?.[0]?.TcpTestSucceeded) return { state: 'reached' };
  return { state: 'failed', ...failureOf(port), cause: causeOutside(of, isInside) };
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
}

/** The way out of a machine: of a nested VM by its adapter's card, else where the default route leads. */
function wayOf(network: Network, vm: Vm | undefined): Way {
  const out = ifRead(network.routes, undefined, (all) => all.find(({ prefix }) => prefix === '0.0.0.0/0'));
  const card = cards(network, vm)[0];
  const index = out?.index ?? card?.index;
  return {
    address: ifRead(network.addresses, undefined, (all) => all.find((one) => one.index === index)?.address),
    gateway: out?.nextHop,
    dns: (ifRead(network.dns, undefined, (all) => all.find((one) => one.index === index)?.servers) ?? []).filter(
      (server) => parseAddress(server) !== undefined,
    ),
  };
}
const cards = (network: Network, vm: Vm | undefined): readonly NetAdapter[] =>
  ifRead(network.adapters, [], (all) =>
    all.filter(({ macAddress, hardware }) =>
      ifRead(vm?.adapters, hardware !== false, (own) => own.some((adapter) => adapter.macAddress === macAddress)),
    ),
  );

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
