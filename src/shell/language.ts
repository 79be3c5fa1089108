import { languages, languageTags, type Language } from '../text/index.js';

/** The languages of the system in the order of the person's liking; what we do not speak is skipped. */
export function languageFor(setting: 'system' | Language, preferred: readonly string[]): Language {
  if (setting !== 'system') return setting;
  for (const tag of preferred) {
    const [first = ''] = tag.toLowerCase().split(/[-_]/);
    const found = languageTags.find((language) => languages[language].system.some((one) => one === first));
    if (found) return found;
  }
  return 'en';
}
