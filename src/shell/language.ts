/** The languages of the system in the order of the person's liking; what we do not speak is skipped. */
export function languageFor(setting: 'system' | 'en' | 'zh-CN', preferred: readonly string[]): 'en' | 'zh-CN' {
  if (setting !== 'system') return setting;
  for (const tag of preferred) {
    const [language] = tag.toLowerCase().split(/[-_]/);
    if (language === 'zh') return 'zh-CN';
    if (language === 'en') return 'en';
  }
  return 'en';
}
