/** Inside guests: what a kept session saves, and how the choice of a free network grows with what is in use. */
import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { ask } from '../../src/core/cmdlets/batch.js';
import { snapshotCalls } from '../../src/core/machine/snapshot.js';
import { firstFree, parsePrefix, type Prefix } from '../../src/core/network/subnet.js';
import { guests } from '../powershell/guests.js';
import { hasPowerShell } from '../powershell/runtime.js';
import { behindEngine } from '../powershell/world.js';

interface Figure {
  readonly name: string;
  readonly ratio: number;
  readonly aim: number;
  readonly note: string;
}

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

const ROUNDS = 15;

/** The whole snapshot of L1 through PowerShell Direct: where a session has to be opened first, and where one is kept. */
async function kept(): Promise<Figure> {
  const { simulator, l1, credentials } = guests();
  const behind = await behindEngine(simulator, { credentials });
  const { session } = behind;
  const at = vmIn(thisPc, l1.id);
  const snapshot = async (): Promise<number> => {
    const began = performance.now();
    const { list: vms } = await ask(session, snapshotCalls(at));
    const took = performance.now() - began;
    if (!('rows' in vms) || vms.rows.length !== l1.guest.machine?.vms.size) throw new Error('L1 was not read');
    return took;
  };
  try {
    const [first, again]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      session.closeGuest(vmIn(thisPc, l1.id));
      first.push(await snapshot());
      again.push(await snapshot());
    }
    // The first rounds are for the compiler of the engine.
    const [opened, held] = [first, again].map((times) => median(times.slice(ROUNDS / 3)));
    return {
      name: 'snapshot of L1 from inside, kept session ÷ first one',
      ratio: (held ?? Number.NaN) / (opened ?? Number.NaN),
      aim: 0.6,
      note: `${(held ?? Number.NaN).toFixed(0)} ms ÷ ${(opened ?? Number.NaN).toFixed(0)} ms`,
    };
  } finally {
    await behind.close();
  }
}

/** So many routes of /24 over private space, as a VPN of a company hands them out. */
const routesOf = (count: number): readonly Prefix[] =>
  Array.from({ length: count }, (_, index) => {
    // Scattered, the same each time.
    const third = (index * 7919) % 65_536;
    return parsePrefix(`10.${String(third >> 8)}.${String(third & 255)}.0/24`) ?? { first: 0, length: 24 };
  });

function choice(): Figure {
  const cost = (routes: readonly Prefix[], times: number): number => {
    const before = process.cpuUsage();
    for (let run = 0; run < times; run++) if (!firstFree(routes)) throw new Error('none is free');
    const { user, system } = process.cpuUsage(before);
    return (user + system) / times;
  };
  const [thousand, ten] = [routesOf(1000), routesOf(10)];
  const [many, few]: [number[], number[]] = [[], []];
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const pair = [cost(thousand, 20), cost(ten, 2000)] as const;
    if (round < ROUNDS) continue;
    many.push(pair[0]);
    few.push(pair[1]);
  }
  return {
    name: 'choice of a network over 1,000 routes ÷ over 10',
    ratio: median(many) / median(few),
    aim: 200,
    note: `${median(many).toFixed(0)} µs ÷ ${median(few).toFixed(2)} µs`,
  };
}

export async function run(): Promise<Figure[]> {
  return [...((await hasPowerShell()) ? [await kept()] : []), choice()];
}
