// npm run corpus: what is said of each text that people paste (tests/corpus), with all that is not told for certain. Last line:
// `N texts: N right, N several, N none on purpose, N miss, N wrong`.
import path from 'node:path';
import { prepare, root } from './setup.mjs';

prepare();
const { load } = await import('./bundle.mjs');
const { corpus, judge } = await load(path.join(root, 'tests', 'corpus', 'corpus.ts'));

const judged = corpus().map(judge);
const shown = { several: 'several', none: 'none on purpose', miss: 'miss', wrong: 'wrong' };
for (const [verdict, words] of Object.entries(shown))
  for (const { file, from, right, topics, because, text } of judged.filter((one) => one.verdict === verdict))
    console.log(
      `${words}: ${file}, ${from}: ${text.replace(/\s+/g, ' ').slice(0, 90)}\n` +
        `  said ${topics.join(', ') || 'nothing'}; right ${right.join(', ') || 'nothing'}${because ? `; because ${because}` : ''}`,
    );
const count = (key, verdict) => judged.filter((one) => one[key] === verdict).length;
const summary = (key) =>
  `${judged.length} texts: ${count(key, 'right')} right, ${count(key, 'several')} several, ` +
  `${count(key, 'none')} none on purpose, ${count(key, 'miss')} miss, ${count(key, 'wrong')} wrong`;
console.log(`When the corpus was begun: ${summary('before')}`);
console.log(summary('verdict'));
process.exit(count('verdict', 'wrong') === 0 ? 0 : 1);
