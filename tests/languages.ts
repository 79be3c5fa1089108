/** Of a test: all languages can be said at once. */
import { languageTags, learn } from '../src/text/index.js';

await Promise.all(languageTags.map(learn));
