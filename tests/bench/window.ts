/** What many VMs cost who looks at the window, and what the app costs who does not. All on the simulated host. */
import { MeasuredApp, median } from './measured-app.js';

interface Figure {
  readonly name: string;
  readonly ratio: number;
  readonly aim: number;
  readonly note?: string;
}

const ROUNDS = 5;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const milliseconds = (value: number): string => `${value.toFixed(0)} ms`;

async function withLab<Value>(count: 10 | 1000, measure: (app: MeasuredApp) => Promise<Value>): Promise<Value> {
  const app = new MeasuredApp('.', [`--scenario=lab-of-${String(count)}`, '--sim-speed=1']);
  try {
    await app.hears('rows');
    // As the window is once it has been looked at for a while.
    await app.evaluate(`hypernest.call('refresh').then(() => true)`);
    return await measure(app);
  } finally {
    await app.end();
  }
}

async function ofMany(name: string, aim: number, measure: (app: MeasuredApp) => Promise<number>): Promise<Figure> {
  const many = await withLab(1000, measure);
  const few = await withLab(10, measure);
  return { name, ratio: many / few, aim, note: `${milliseconds(many)} ÷ ${milliseconds(few)}` };
}

const until = (what: string): string =>
  `await new Promise((resolve) => { const look = () => ${what} ? resolve() : setTimeout(look); look(); });`;
const buttonThat = (begins: string): string =>
  `[...document.querySelectorAll('button')].find((one) => one.textContent.trim().startsWith('${begins}'))`;

/** The longest time that the page answered nothing, from Ctrl+A in the list to the review of what all of them become, in milliseconds. */
const review = (app: MeasuredApp): Promise<number> =>
  app.evaluate(`(async () => {
    let last = performance.now();
    let worst = 0;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { const now = performance.now(); worst = Math.max(worst, now - last); last = now; port2.postMessage(0); };
    port2.postMessage(0);
    document.querySelector('[role=listbox]').dispatchEvent(new KeyboardEvent('keydown', { key: 'a', ctrlKey: true, bubbles: true }));
    ${until(buttonThat('Turn on nesting for'))}
    ${buttonThat('Turn on nesting for')}.click();
    ${until(`document.querySelector('.commandbar .primary:enabled')`)}
    document.querySelector('.commandbar .primary').click();
    ${until(`document.querySelector('section.ps')`)}
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    port1.onmessage = null;
    return worst;
  })()`) as Promise<number>;

/** To This PC and back to the VMs, until both are drawn, in milliseconds. */
const pageSwitch = async (app: MeasuredApp): Promise<number> => {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++)
    times.push(
      Number(
        await app.evaluate(`(async () => {
          const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
          const pages = [...document.querySelectorAll('nav button')];
          const begun = performance.now();
          pages.find((one) => one.textContent.includes('This PC')).click();
          ${until(`!document.querySelector('[role=listbox]')`)}
          await drawn();
          pages.find((one) => one.textContent.includes('VMs')).click();
          ${until(`document.querySelector('[role=option]')`)}
          await drawn();
          return performance.now() - begun;
        })()`),
      ),
    );
  return median(times);
};

const FRAMES = 90;
/** The longest time between two frames while the wheel turns over the list, in milliseconds. */
const wheel = async (app: MeasuredApp): Promise<number> => {
  const worst: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const frames = app.evaluate(`new Promise((resolve) => {
      const times = [];
      const frame = (time) => {
        times.push(time);
        if (times.length < ${String(FRAMES)}) requestAnimationFrame(frame);
        else resolve(Math.max(...times.slice(1).map((one, at) => one - times[at])));
      };
      requestAnimationFrame(frame);
    })`);
    for (let turn = 0; turn < FRAMES; turn++) {
      app.order('wheel');
      await sleep(16);
    }
    worst.push(Number(await frames));
  }
  return median(worst);
};

/** Two minutes of both. */
const IDLE = 120_000;

async function idle(): Promise<Figure> {
  const app = new MeasuredApp('.', ['--scenario=workstation', '--sim-speed=1']);
  try {
    await app.hears('rows');
    const used = async (): Promise<number> => {
      // What has just been opened or closed is not idle yet.
      await sleep(10_000);
      const before = app.processorTime();
      await sleep(IDLE);
      return app.processorTime() - before;
    };
    const visible = await used();
    app.order('close');
    const hidden = await used();
    return {
      name: 'processor time of all processes in two idle minutes, hidden ÷ visible',
      ratio: hidden / visible,
      aim: 0.25,
      note: `${String(hidden)} ÷ ${String(visible)} clock ticks`,
    };
  } finally {
    await app.end();
  }
}

export async function run(): Promise<Figure[]> {
  return [
    await ofMany('review of 1,000 VMs: longest task ÷ of 10 VMs', 3, review),
    await ofMany('page switch with 1,000 VMs ÷ with 10', 2, pageSwitch),
    await ofMany('wheel over 1,000 rows: longest frame ÷ over 10', 3, wheel),
    await idle(),
  ];
}
