/** Conditions of WQL as Get-CimInstance -Filter takes them: comparisons with = <> != < <= > >= LIKE and IS, joined by AND, OR and NOT. */
import { CmdletError } from './errors.js';
import type { Row } from './objects.js';
import { like } from './parameters.js';

type Test = (row: Row) => boolean;
type Value = string | number | boolean | null;

const tokens = /\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|<>|!=|<=|>=|[=<>()]|[\w.-]+)/y;

function split(text: string): string[] {
  const found: string[] = [];
  tokens.lastIndex = 0;
  while (text.slice(tokens.lastIndex).trim() !== '') {
    const [, token] = tokens.exec(text) ?? [];
    if (token === undefined) throw new CmdletError('cim-invalid-query');
    found.push(token);
  }
  return found;
}

function valueOf(token = ''): Value {
  if (/^['"]/.test(token)) return token.slice(1, -1).replace(/\\(.)/g, '$1');
  if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
  if (/^(true|false)$/i.test(token)) return token.toLowerCase() === 'true';
  if (/^null$/i.test(token)) return null;
  throw new CmdletError('cim-invalid-query');
}

/** Texts without regard to case, true as 1. */
function order(left: unknown, right: Value): number | undefined {
  if (left === null || left === undefined || right === null) return undefined;
  if (typeof left === 'string') return left.toLowerCase() === String(right).toLowerCase() ? 0 : left.toLowerCase() < String(right).toLowerCase() ? -1 : 1; // prettier-ignore
  const difference = Number(left) - Number(right);
  return Number.isNaN(difference) ? undefined : Math.sign(difference);
}

const operators: Readonly<Record<string, (sign: number) => boolean>> = {
  '=': (sign) => sign === 0,
  '<>': (sign) => sign !== 0,
  '!=': (sign) => sign !== 0,
  '<': (sign) => sign < 0,
  '<=': (sign) => sign <= 0,
  '>': (sign) => sign > 0,
  '>=': (sign) => sign >= 0,
};

/** % and _ are WQL's wildcards, [ ] are those of both. */
const pattern = (text: string) => like(text.replace(/[*?`]/g, '`$&').replaceAll('%', '*').replaceAll('_', '?'));

class Reader {
  readonly #tokens: string[];
  constructor(text: string) {
    this.#tokens = split(text);
  }

  whole(): Test {
    const test = this.#any();
    if (this.#tokens.length > 0) throw new CmdletError('cim-invalid-query');
    return test;
  }

  #takes(word: string): boolean {
    if (this.#tokens[0]?.toUpperCase() !== word) return false;
    this.#tokens.shift();
    return true;
  }

  #any(): Test {
    const tests = [this.#all()];
    while (this.#takes('OR')) tests.push(this.#all());
    return (row) => tests.some((test) => test(row));
  }

  #all(): Test {
    const tests = [this.#one()];
    while (this.#takes('AND')) tests.push(this.#one());
    return (row) => tests.every((test) => test(row));
  }

  #one(): Test {
    if (this.#takes('NOT')) {
      const test = this.#one();
      return (row) => !test(row);
    }
    if (this.#takes('(')) {
      const test = this.#any();
      if (!this.#takes(')')) throw new CmdletError('cim-invalid-query');
      return test;
    }
    return this.#comparison();
  }

  #comparison(): Test {
    const property = this.#tokens.shift() ?? '';
    if (!/^\w+$/.test(property)) throw new CmdletError('cim-invalid-query');
    if (this.#takes('LIKE')) {
      const is = pattern(String(valueOf(this.#tokens.shift())));
      return (row) => {
        const value = read(row, property);
        return (
          (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') && is(String(value))
        );
      };
    }
    if (this.#takes('IS')) {
      const isNot = this.#takes('NOT');
      if (!this.#takes('NULL')) throw new CmdletError('cim-invalid-query');
      return (row) => (read(row, property) === null) !== isNot;
    }
    const holds = operators[this.#tokens.shift() ?? ''];
    if (!holds) throw new CmdletError('cim-invalid-query');
    const wanted = valueOf(this.#tokens.shift());
    return (row) => {
      const sign = order(read(row, property), wanted);
      return sign !== undefined && holds(sign);
    };
  }
}

/** What the simulated rows do not have is refused: it could be there on Windows. */
function read(row: Row, property: string): unknown {
  const name = Object.keys(row).find((one) => one.toLowerCase() === property.toLowerCase());
  if (name === undefined) throw new CmdletError('not-simulated', { cmdlet: `Property ${property} in a filter` });
  return row[name] ?? null;
}

export const where = (filter: string): Test => new Reader(filter).whole();
