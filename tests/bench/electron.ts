import { MeasuredApp, median } from './measured-app.js';

const BARE = 'tests/bench/bare';
const ROUNDS = 5;

interface Figure {
  readonly name: string;
  readonly ratio: number;
  readonly aim: number;
  readonly note?: string;
}

const milliseconds = (value: number): string => `${value.toFixed(0)} ms`;
const megabytes = (value: number): string => `${(value / 2 ** 20).toFixed(0)} MB`;

async function timeTo(what: 'tray' | 'rows', folder: string, switches: readonly string[]): Promise<number> {
  const app = new MeasuredApp(folder, switches);
  try {
    return (await app.hears(what)).at - app.began;
  } finally {
    await app.end();
  }
}

/** Medians of both, measured in turn so that what else the machine does meets both. */
async function both(first: () => Promise<number>, second: () => Promise<number>): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    times[0].push(await first());
    times[1].push(await second());
  }
  return [median(times[0]), median(times[1])];
}

async function startToTray(): Promise<Figure> {
  const [ours, bare] = await both(
    () => timeTo('tray', '.', ['--scenario=workstation']),
    () => timeTo('tray', BARE, []),
  );
  return {
    name: 'start to tray icon ÷ bare Electron with a tray',
    ratio: ours / bare,
    aim: 1.3,
    note: `${milliseconds(ours)} ÷ ${milliseconds(bare)}`,
  };
}

async function windowReady(): Promise<Figure> {
  const [many, few] = await both(
    () => timeTo('rows', '.', ['--scenario=lab-of-500']),
    () => timeTo('rows', '.', ['--scenario=lab-of-10']),
  );
  return {
    name: 'window ready with 500 VMs ÷ with 10',
    ratio: many / few,
    aim: 2,
    note: `${milliseconds(many)} ÷ ${milliseconds(few)}`,
  };
}

async function memoryInTray(): Promise<Figure> {
  const settled = async (folder: string, switches: readonly string[]): Promise<{ electron: number; other: number }> => {
    const app = new MeasuredApp(folder, switches);
    try {
      await app.hears('tray');
      if (switches.length > 0) {
        await app.hears('rows');
        app.order('close');
      }
      // Freed memory is given back some time after; nothing tells when.
      await new Promise((resolve) => setTimeout(resolve, 8000));
      return app.memory();
    } finally {
      await app.end();
    }
  };
  const ours = await settled('.', ['--scenario=workstation', '--sim-speed=1']);
  const bare = await settled(BARE, []);
  return {
    name: 'memory of Electron, window closed ÷ bare Electron with a tray',
    ratio: ours.electron / bare.electron,
    aim: 1.2,
    note: `${megabytes(ours.electron)} ÷ ${megabytes(bare.electron)}; PowerShell beside it ${megabytes(ours.other)}`,
  };
}

async function bytesForOneChange(): Promise<Figure> {
  const app = new MeasuredApp('.', ['--scenario=lab-of-500', '--sim-speed=1']);
  try {
    await app.hears('rows');
    const all = (await app.evaluate(`(async () => {
      for (;;) {
        const { machine } = await hypernest.call('state');
        if (machine) return JSON.stringify(machine).length;
        await hypernest.call('refresh');
      }
    })()`)) as number;
    // The second sample of the counters tells what runs inside each VM: that is news of its own, not of the change.
    await app.evaluate(`hypernest.call('refresh').then(() => true)`);
    const from = app.said.length;
    await app.evaluate(`hypernest.call('state').then(async (s) => {
      const vm = s.machine.vms.find((one) => one.state === 'Off' && one.nesting === false);
      const changed = new Promise((resolve) => { const stop = hypernest.on((event) => {
        if (event.kind === 'machine' && event.patch.changed?.some((one) => one.id === vm.id)) { stop(); resolve(); } }); });
      const shown = await hypernest.call('plan', { goal: { kind: 'vms', consents: [], wants: [{ vm: 'this-pc/' + vm.id, want: { nesting: true } }] } });
      await hypernest.call('start', { plan: shown.result.plan.id, consents: [] });
      await changed;
      return true;
    })`);
    const bytes = app.said
      .slice(from)
      .filter((one) => one.what === 'sent' && one.kind === 'machine')
      .reduce((sum, one) => sum + (one.bytes ?? 0), 0);
    return {
      name: 'bytes to the window for one change in 500 VMs ÷ all of them',
      ratio: bytes / all,
      aim: 0.02,
      note: `${bytes} B ÷ ${all} B`,
    };
  } finally {
    await app.end();
  }
}

/** Ticks of a window that is looked at while nothing is done: they come by themselves, every other second. */
const IDLE_TICKS = 15;

async function bytesPerIdleTick(): Promise<Figure> {
  const app = new MeasuredApp('.', ['--scenario=lab-of-300', '--sim-speed=1']);
  try {
    await app.hears('rows');
    const all = Number(await app.evaluate(machineBytes));
    // The first samples of the counters tell what runs inside each VM: news that comes once.
    await app.evaluate(ticks(8));
    const from = app.said.length;
    await app.evaluate(ticks(IDLE_TICKS));
    const bytes = app.said
      .slice(from)
      .filter(({ what }) => what === 'sent')
      .reduce((sum, one) => sum + (one.bytes ?? 0), 0);
    return {
      name: 'bytes to the window of an idle tick ÷ full snapshot, 300 VMs',
      ratio: bytes / IDLE_TICKS / all,
      aim: 0.02,
      note: `${(bytes / IDLE_TICKS).toFixed(0)} B ÷ ${String(all)} B, ${String(IDLE_TICKS)} ticks`,
    };
  } finally {
    await app.end();
  }
}

const machineBytes = `(async () => {
  for (;;) {
    const { machine } = await hypernest.call('state');
    if (machine) return JSON.stringify(machine).length;
    await hypernest.call('refresh');
  }
})()`;

/** Resolves after so many readings; with a VM they are asked for one after the other, and that VM is read in full each time. */
const ticks = (count: number, vm?: string): string => `(async () => {
  for (let tick = 0; tick < ${String(count)}; tick++) {
    await new Promise((resolve) => {
      const stop = hypernest.on((event) => { if (event.kind === 'machine') { stop(); resolve(); } });
      ${vm === undefined ? '' : `hypernest.call('watch', { vm: 'this-pc/${vm}' });`}
    });
  }
  return true;
})()`;

/** On the real tray. Idle ticks come seldom: these are asked for, which reads even more. */
async function menuRebuilds(): Promise<Figure> {
  const app = new MeasuredApp('.', ['--scenario=lab-of-300', '--sim-speed=1']);
  try {
    await app.hears('rows');
    await app.evaluate(machineBytes);
    const running = `hypernest.call('state').then((s) => s.machine.vms.find((vm) => vm.state === 'Running').id)`;
    const vm = String(await app.evaluate(running));
    // The first menus are of the app that starts: counted from a hundred readings on that brought none.
    const menus = (): number => app.said.filter(({ what }) => what === 'menu').length;
    for (let before = -1; before !== menus();) {
      before = menus();
      await app.evaluate(ticks(100, vm));
    }
    const from = app.said.length;
    for (let hundred = 0; hundred < 10; hundred++) await app.evaluate(ticks(100, vm));
    const said = app.said.slice(from);
    const readings = said.filter(({ what, kind }) => what === 'sent' && kind === 'machine').length;
    return {
      name: 'tray menu rebuilds per 1,000 idle ticks, 300 VMs',
      ratio: (said.filter(({ what }) => what === 'menu').length / readings) * 1000,
      aim: 0,
      note: `${String(readings)} readings, the menu in use`,
    };
  } finally {
    await app.end();
  }
}

/** What the Electron side costs. All on the simulated host. */
export async function run(): Promise<Figure[]> {
  return [
    await bytesForOneChange(),
    await bytesPerIdleTick(),
    await menuRebuilds(),
    await windowReady(),
    await startToTray(),
    await memoryInTray(),
  ];
}
