/** A host that is reached over SSH, as a place where machines come from. What only this PC can do is not offered there. */
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { textOf } from './core/cmdlets/ref.js';
import { parseHostAddress, type KnownHost } from './core/machine/hosts.js';
import { pausableClock } from './powershell/clock.js';
import identity from './powershell/identity.ps1?raw';
import membership from './powershell/membership.ps1?raw';
import type { StandIn } from './powershell/bootstrap.js';
import { acceptKey, bothKeys, fingerprintIn, forgetKeys, openKnownHost, testHost } from './powershell/host-test.js';
import { NotReady } from './powershell/session.js';
import { hostNameOf, type Ssh, type SshWay } from './powershell/ssh.js';
import { connectTo } from './shell/acts.js';
import { OpenFailed } from './shell/connection.js';
import type { HostWays } from './shell/host-book.js';
import type { Place } from './shell/place.js';

export interface SshPlaceOptions {
  readonly ssh: Ssh;
  /** The folder of this PC's Windows: vmconnect is here. */
  readonly windows: string;
  readonly userData: string;
  /** What stands in the place of Windows over there, in tests. */
  readonly standIn?: { readonly identity: string; readonly standIn: StandIn | undefined };
}

/** Where the accepted key of a host is. */
const keysOf = (userData: string, id: KnownHost['id']): string => path.join(userData, 'hosts', `${textOf(id)}.keys`);

/** The way to a host, to be tested before it is known. undefined: its address is none. */
function wayTo(
  { id, address }: Pick<KnownHost, 'id' | 'address'>,
  { ssh, userData }: SshPlaceOptions,
): SshWay | undefined {
  const read = parseHostAddress(address);
  return 'fault' in read ? undefined : { ssh, address: read, keys: keysOf(userData, id) };
}

/** What a shell over there is told of itself. */
const asksOf = ({ standIn }: Pick<SshPlaceOptions, 'standIn'>) => standIn ?? { identity, membership };

export function sshPlace(known: KnownHost, options: SshPlaceOptions): Place {
  const way = wayTo(known, options);
  const clock = pausableClock();
  return {
    source: { kind: 'host' },
    at: known.id,
    journal: path.join(options.userData, 'runs', textOf(known.id)),
    open: async ({ elevated, lost, credentials }) => {
      // An administrator's sign-in over SSH is elevated from the start, and nobody else's can be.
      if (elevated || !way) throw new OpenFailed({ kind: elevated ? 'not-supported' : 'host-name-unknown' });
      try {
        return await openKnownHost(way, known.machine, { ...asksOf(options), lost, clock, credentials });
      } catch (error) {
        throw new OpenFailed(error instanceof NotReady ? error.failure : { kind: 'session-lost' });
      }
    },
    script: () => '',
    act: () => Promise.resolve({ kind: 'failed', failure: { kind: 'not-supported' } }),
    connect: async (vm) => {
      const name = way && (await hostNameOf(way));
      return name !== undefined && (await connectTo(options.windows, name, vm));
    },
    files: {
      look: (paths) => Promise.resolve(new Map(paths.map((at) => [at, { kind: 'unknown' }]))),
      find: () => Promise.resolve({ isos: [], disks: [] }),
    },
    downloads: () => undefined,
    signOut: () => Promise.resolve(false),
    restart: () => Promise.resolve(false),
    time: clock,
    sleeping: (isAsleep) => (isAsleep ? clock.pause() : clock.resume()),
    close: () => Promise.resolve(),
  };
}

/** How a host is tested before it is one of ours, and what is kept of it. */
export function sshWays(options: SshPlaceOptions): HostWays {
  const way = (host: Pick<KnownHost, 'id' | 'address'>): SshWay => {
    const found = wayTo(host, options);
    if (!found) throw new Error('no address of a host');
    return found;
  };
  return {
    test: (host, { machine, ...followed }) =>
      testHost(way(host), { ...asksOf(options), credentials: () => undefined, ...followed }, machine),
    keys: (host) => bothKeys(way(host)),
    accept: (host, fingerprint) => acceptKey(way(host), fingerprint),
    move: async (from, to) => {
      const [now, before] = await Promise.all([from, to].map((one) => fingerprintIn(way(one).keys)));
      await rename(way(from).keys, way(to).keys);
      return now?.sha256 === before?.sha256;
    },
    forget: ({ id }) => forgetKeys({ keys: keysOf(options.userData, id) }),
  };
}
