export { catalogue, catalogueCourses } from './catalogue/catalogue.js';
export type { CatalogueCourse, CatalogueDegree, CatalogueDepartment } from './catalogue/catalogue.types.js';
export { constraintId, courseId, degreeId, requirementId } from './ids.js';
export { demoPassword, demoPasswordHash, registrar } from './generate/accounts.js';
export { firstOpenTerm, lastCompletedTerm } from './generate/calendar.js';
export { datasetSizes, type DatasetSize } from './generate/sizes.js';
export { studentId } from './generate/student-id.js';
export { datasetSeed, StudentGenerator } from './generate/students.js';
export { seededCourses, seededDegrees } from './seeded.js';
