/** Writes a journal until it is killed: says each record on its output once it is acknowledged. */
import { beginJournal } from '../../../src/shell/journal.js';
import { eventOf, headOf } from './a-record.js';

const [folder = ''] = process.argv.slice(2);
const writer = await beginJournal(folder, headOf('run'));
for (let seq = 0; ; seq++) {
  await writer.record(eventOf(seq));
  process.stdout.write(`${String(seq)}\n`);
}
