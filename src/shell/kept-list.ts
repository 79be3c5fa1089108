/** A list in a small file of its own. What cannot be written is kept until the app ends; what cannot be read now is read later. */
import fs from 'node:fs';
import { replaceFileSync } from './replace-file.js';
import { Saving, type Keeping } from './saving.js';

interface Options<Entry> extends Keeping {
  readonly file: string;
  /** What a file says. Throws at one that is not ours: it is as good as none. */
  readonly parse: (text: string) => readonly Entry[];
  readonly write: (entries: readonly Entry[]) => string;
  readonly keyOf: (entry: Entry) => string;
}

export class KeptList<Entry> {
  #entries: readonly Entry[] = [];
  /** What the file holds is among the entries. */
  #isRead = false;
  #isChanged = false;
  readonly #saving: Saving;

  constructor(private readonly options: Options<Entry>) {
    this.#saving = new Saving({ ...options, write: () => this.#write() });
    this.#saving.save();
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  put(added: readonly Entry[]): void {
    this.#change([...this.#without(added.map(this.options.keyOf)), ...added]);
  }

  remove(key: string): void {
    const left = this.#without([key]);
    if (left.length < this.#entries.length) this.#change(left);
  }

  close(): void {
    this.#saving.close();
  }

  #without(keys: readonly string[]): readonly Entry[] {
    return this.#entries.filter((entry) => !keys.includes(this.options.keyOf(entry)));
  }

  #change(entries: readonly Entry[]): void {
    this.#entries = entries;
    this.#isChanged = true;
    this.#saving.save();
  }

  #write(): void {
    // Never over what is not known yet.
    if (!this.#isRead) this.#read();
    if (!this.#isChanged) return;
    replaceFileSync(this.options.file, this.options.write(this.#entries), 0o600);
    this.#isChanged = false;
  }

  #read(): void {
    const { file, parse, keyOf } = this.options;
    const newer = this.#entries.map(keyOf);
    const older = parsed(readIfThere(file), parse).filter((entry) => !newer.includes(keyOf(entry)));
    this.#entries = [...older, ...this.#entries];
    this.#isRead = true;
  }
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function parsed<Entry>(text: string, parse: (text: string) => readonly Entry[]): readonly Entry[] {
  try {
    return parse(text);
  } catch {
    return [];
  }
}
