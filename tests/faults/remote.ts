/** The simulated PC as the app's process has it: calls and time over a socket, so that it outlives the app. */
import { thisPc, wayTo } from '../../src/core/cmdlets/ref.js';
import net from 'node:net';
import readline from 'node:readline';
import type { CallResult, Handshake, Host, HostCall } from '../../src/core/cmdlets/call.js';
import type { CredentialSource } from '../../src/core/cmdlets/credentials.js';
import { openShell } from '../../src/powershell/open.js';
import { OpenFailed } from '../../src/shell/connection.js';
import { NotReady, type SessionClock } from '../../src/powershell/session.js';
import type { Place } from '../../src/shell/place.js';
import { answeredSchema, type Answered, type Asked, type Order } from './wire.js';

const handshake: Handshake = {
  shellVersion: '',
  edition: 'Desktop',
  languageMode: 'FullLanguage',
  pid: 0,
  modules: [],
  identity: { account: 'DEV-PC\\mei', sid: 'S-1-5-21-1-2-3-1001', inToken: true, isMember: true, isElevated: false, isAdministrator: true }, // prettier-ignore
};

const { setTimeout: later } = globalThis;
/** A shell works as fast as it can: its deadlines are of the wall's time, also where the app's time runs faster. */
const deadlines: SessionClock = {
  after(milliseconds, act) {
    const timer = later(act, milliseconds);
    return () => clearTimeout(timer);
  },
};

function awaited() {
  let over = (): void => undefined;
  const isOver = new Promise<void>((resolve) => (over = resolve));
  return { isOver, over };
}

/** Real milliseconds after which a session counts as gone for good. */
const AWAY = 30_000;

function notOpened(error: unknown): never {
  throw error instanceof NotReady ? new OpenFailed(error.failure) : error;
}

export class RemotePc {
  readonly #socket: net.Socket;
  readonly #waiting = new Map<number, (answer: Answered) => void>();
  #asked = 0;
  /** Milliseconds, simulated, as last heard. */
  #now = 0;
  /** The session is lost: until it is open again. */
  #away: { readonly isOver: Promise<void>; readonly over: () => void } | undefined;

  constructor(private readonly order: Pick<Order, 'address' | 'shell' | 'folder'>) {
    this.#socket = net.connect(order.address);
    // Without its PC there is nothing left to try.
    this.#socket.on('error', () => process.exit(3)).on('close', () => process.exit(3));
    readline.createInterface({ input: this.#socket }).on('line', (line) => {
      const answer = answeredSchema.parse(JSON.parse(line));
      this.#now = answer.now;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  ask(what: Omit<Asked, 'id'>): Promise<Answered> {
    const id = ++this.#asked;
    const answer = new Promise<Answered>((resolve) => this.#waiting.set(id, resolve));
    this.#socket.write(`${JSON.stringify({ id, ...what })}\n`);
    return answer;
  }

  /** Simulated seconds. A shell starts in the wall's time: the PC's stands still meanwhile, or it would be lost for minutes. */
  readonly wait = async (seconds: number): Promise<void> => {
    if (this.#away) await Promise.race([this.#away.isOver, new Promise((resolve) => later(resolve, AWAY))]);
    await this.ask({ wait: seconds });
  };

  /** As the app is given this PC; through a shell where there is one. */
  get place(): Place {
    const { shell, folder } = this.order;
    const no = (): Promise<boolean> => Promise.resolve(false);
    return {
      source: { kind: 'this-pc' },
      at: thisPc,
      journal: folder,
      files: { look: () => Promise.resolve(new Map()), find: () => Promise.resolve({ isos: [], disks: [] }) },
      downloads: () => undefined,
      open: async ({ credentials, lost }) => {
        const identity = 'param($modules) Import-Module "$modules/Hypernest.Simulation"; Get-SimulatedIdentity';
        const away: typeof lost = (failure) => {
          this.#away ??= awaited();
          lost(failure);
        };
        const host = shell
          ? await openShell(shell, { identity, lost: away, credentials, clock: deadlines }).catch(notOpened)
          : this.#direct(credentials);
        this.#away?.over();
        this.#away = undefined;
        await this.ask({ opened: host.handshake.pid });
        return host;
      },
      script: () => '',
      act: () => Promise.resolve({ kind: 'refused' }),
      connect: no,
      signOut: no,
      restart: no,
      sleeping: () => undefined,
      clock: { elapsed: () => this.#now / 1000, wait: this.wait },
      close: () => Promise.resolve(),
    };
  }

  #direct(credentials: CredentialSource): Host {
    const ask = this.ask.bind(this);
    return {
      handshake,
      async call<const Calls extends readonly HostCall[]>(calls: Calls) {
        const way = wayTo(calls[0]?.at ?? thisPc);
        const known = credentials(way.at(-1) ?? thisPc) ?? [];
        const accounts = way.flatMap((at, index) => (known[index] ? [{ ...known[index], at }] : []));
        const { results = [] } = await ask({ calls: [...calls], accounts });
        // As the simulator in the other process gave them.
        return results as unknown as { [I in keyof Calls]: CallResult<Calls[I]['cmdlet']> };
      },
      close: () => Promise.resolve(),
    };
  }
}
