/** Pointing at a step in one place lights it in all of them: power line, table, PowerShell, run. */
import { getContext, setContext } from 'svelte';

export class Lighting {
  private numbers = $state.raw<ReadonlySet<number>>(new Set());

  on = (numbers: readonly number[]): void => {
    this.numbers = new Set(numbers);
  };

  off = (): void => {
    this.numbers = new Set();
  };

  isLit(numbers: readonly number[]): boolean {
    return numbers.some((number) => this.numbers.has(number));
  }
}

const key = Symbol('lighting');

export const provideLighting = (): Lighting => setContext(key, new Lighting());
export const useLighting = (): Lighting => getContext<Lighting | undefined>(key) ?? new Lighting();
