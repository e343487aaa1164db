// Short forms for writing the catalogue by hand: a course takes a few lines, a degree's regulations one.
import type { ConstraintRule, Term } from '@flowchart/contracts';
import type { CatalogueCourse } from './catalogue.types.js';

export const FALL: readonly Term[] = ['FALL'];
export const SPRING: readonly Term[] = ['SPRING'];
export const SUMMER: readonly Term[] = ['SUMMER'];
export const FALL_AND_SPRING: readonly Term[] = ['FALL', 'SPRING'];
export const SPRING_AND_SUMMER: readonly Term[] = ['SPRING', 'SUMMER'];
export const EVERY_TERM: readonly Term[] = ['FALL', 'SPRING', 'SUMMER'];

const FIRST_GRADUATE_NUMBER = 500;

/** The number in a course code: 201 for `CS201`. */
function courseNumber(code: string): number {
  return Number(code.slice(-3));
}

/** A course; its level is read off its number, so that the two cannot disagree. */
export function course(
  code: string,
  title: string,
  credits: number,
  terms: readonly Term[],
  details: { about: string; requires?: readonly string[] },
): CatalogueCourse {
  return {
    code,
    title,
    level: courseNumber(code) >= FIRST_GRADUATE_NUMBER ? 'GRADUATE' : 'UNDERGRADUATE',
    credits,
    description: details.about,
    terms,
    prerequisites: details.requires ?? [],
  };
}

/** The five regulations every degree has, from its own figures. */
export function regulations(figures: {
  totalCredits: number;
  gpa: number;
  creditsPerTerm: number;
  transferCredits: number;
  years: number;
}): ConstraintRule[] {
  return [
    { kind: 'TOTAL_CREDITS', minimum: figures.totalCredits },
    { kind: 'MINIMUM_GPA', gpa: figures.gpa },
    { kind: 'MAX_CREDITS_PER_TERM', credits: figures.creditsPerTerm },
    { kind: 'MAX_TRANSFER_CREDITS', credits: figures.transferCredits },
    { kind: 'MAX_YEARS', years: figures.years },
  ];
}
