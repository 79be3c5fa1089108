/** What people paste (tests/corpus) is told rightly, or not at all: the same data as `npm run corpus`. */
import { describe, expect, it } from 'vitest';
import errorFacts from '../../../simulator/facts/errors.json' with { type: 'json' };
import { corpus, judge } from '../../corpus/corpus.js';
import { topics } from '../../../src/core/errors/topics.js';

const judged = corpus().map(judge);
const share = (verdict: string): number => judged.filter((one) => one.verdict === verdict).length / judged.length;

describe('the corpus of pasted texts', () => {
  it('is large, mostly of public reports, and names topics that there are', () => {
    expect(judged.length).toBeGreaterThanOrEqual(200);
    const reported = judged.filter(({ from }) => from !== 'own');
    expect(reported.length).toBeGreaterThanOrEqual(120);
    for (const { from } of reported) expect(from).toMatch(/^[\w.-]+\/[\w.-]+#\d+$/);
    const ids = topics.map(({ id }) => id);
    for (const { right } of judged) for (const id of right) expect(ids).toContain(id);
  });

  it('has a text for each topic', () => {
    const shown = new Set(judged.flatMap(({ right }) => right));
    expect(topics.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  });

  it('is never told wrongly', () => {
    expect(judged.filter(({ verdict }) => verdict === 'wrong')).toEqual([]);
  });

  it('is seldom not told for certain, and each time with a reason', () => {
    expect(share('miss')).toBeLessThanOrEqual(0.05);
    expect(share('several')).toBeLessThanOrEqual(0.15);
    expect(share('none')).toBeLessThanOrEqual(0.15);
    expect(judged.filter(({ verdict, because }) => verdict !== 'right' && because === undefined)).toEqual([]);
  });

  it('or a fact has each text that a topic is known by', () => {
    const squeezed = (text: string) => text.toLowerCase().replace(/\s/g, '');
    const facts = errorFacts.errors.map((fact) => [fact.message, fact.category, fact.fullyQualifiedErrorId].join('\n'));
    const texts = [...judged.map(({ text }) => text), ...facts].map(squeezed);
    const isSeen = (sign: string) => {
      const parts = sign.split('…').map(squeezed);
      return texts.some((text) => parts.reduce((at, part) => (at < 0 ? at : text.indexOf(part, at)), 0) >= 0);
    };
    const signs = topics
      .flatMap(({ marks, shared = [] }) => [...marks, ...shared])
      .map((mark) => (typeof mark === 'object' ? mark.sign : mark))
      .filter((sign) => typeof sign === 'string');
    expect(signs.length).toBeGreaterThan(100);
    expect(signs.filter((sign) => !isSeen(sign))).toEqual([]);
  });
});
