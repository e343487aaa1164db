// The whole catalogue in one place: what the dataset is made from, and what the tests of it look at.
import type { CatalogueCourse, CatalogueDegree, CatalogueDepartment } from './catalogue.types.js';
import { degrees } from './degrees.js';
import { biology } from './departments/biology.js';
import { businessAdministration } from './departments/business-administration.js';
import { computerScience } from './departments/computer-science.js';
import { electricalEngineering } from './departments/electrical-engineering.js';
import { english } from './departments/english.js';
import { mathematics } from './departments/mathematics.js';
import { physics } from './departments/physics.js';
import { statistics } from './departments/statistics.js';

export const catalogue: {
  departments: readonly CatalogueDepartment[];
  degrees: readonly CatalogueDegree[];
} = {
  departments: [
    computerScience,
    mathematics,
    statistics,
    electricalEngineering,
    physics,
    businessAdministration,
    biology,
    english,
  ],
  degrees,
};

// Compared by code unit, not by locale, so that the order is the same on every machine.
export const catalogueCourses: readonly (CatalogueCourse & { department: string })[] = catalogue.departments
  .flatMap((department) => department.courses.map((course) => ({ ...course, department: department.name })))
  .sort((a, b) => (a.code < b.code ? -1 : 1));
