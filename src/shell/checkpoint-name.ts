/** How Windows shows a checkpoint that a change has taken: by that change and its time, in the language of the app. */
import { parsePath } from '../core/change/paths.js';
import type { PlanOptions } from '../core/change/step.js';
import type { Translator } from '../text/index.js';

const two = (number: number): string => String(number).padStart(2, '0');
/** `2026-12-01 14:03`, by the clock of the wall: names sort by it. */
const stampOf = (at: Date): string =>
  `${[String(at.getFullYear()), two(at.getMonth() + 1), two(at.getDate())].join('-')} ${two(at.getHours())}:${two(at.getMinutes())}`;

/** What turns the direction of reading is of the page, not of a name. */
const isolates = /[\u2066-\u2069]/g;

export const checkpointNames =
  (t: () => Translator, now = () => new Date()): NonNullable<PlanOptions['nameCheckpoint']> =>
  (_, steps) => {
    const changes = steps.filter(({ kind }) => kind !== 'power');
    const all = changes.length > 0 ? changes : steps;
    // What comes along with nesting is not what it was done for.
    const first =
      all.find((step) => step.changes.some(({ path }) => parsePath(path)?.property === 'nesting')) ?? all[0];
    const say = t();
    const params = { what: first ? say.message(first.title) : say('app.name'), stamp: stampOf(now()) };
    const name =
      all.length > 1
        ? say('checkpoint.nameMore', { ...params, count: all.length - 1 })
        : say('checkpoint.name', params);
    return name.replace(isolates, '');
  };
