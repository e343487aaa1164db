// Looking for courses: the list, a filter, the next page, a course by its code and by its id, what it requires.

import { endpoint } from '../endpoint.js';
import type { Answer, Journey } from '../step.js';
import type { User } from '../user.js';

const list = endpoint('listCourses');
const byLevel = endpoint('listCoursesByLevel');
const byDepartment = endpoint('listCoursesByDepartment');
const nextPage = endpoint('listCoursesNextPage');
const byCode = endpoint('getCourseByCode');
const byId = endpoint('getCourse');
const prerequisites = endpoint('getPrerequisites');

const itemsStart = Buffer.from('"items":[{');
const levelKey = Buffer.from('"level":');
const departmentKey = Buffer.from('"department":');

export function* browse(user: User): Journey {
  const page = yield user.revisit(list);
  if (page.status === 200) user.check('courses are listed', page.includes(itemsStart));
  user.remember(list.path, page);

  if (user.random.chance(0.5)) yield* filterByLevel(user);
  else yield* filterByDepartment(user);
  if (user.random.chance(0.3)) yield* turnThePage(user);

  yield* openCourse(user);
}

function* filterByLevel(user: User): Journey {
  const level = user.random.pick(user.catalogue.levels);
  const path = `/courses?level=${level}`;
  const answer = yield user.revisit(byLevel, path);
  user.remember(path, answer);
  if (answer.status === 200) {
    user.check('only courses of the level asked for', onlyMatches(answer, levelKey, `"level":"${level}"`));
  }
}

function* filterByDepartment(user: User): Journey {
  const department = user.random.pick(user.catalogue.departments);
  const path = `/courses?department=${encodeURIComponent(department)}`;
  const answer = yield user.revisit(byDepartment, path);
  user.remember(path, answer);
  if (answer.status === 200) {
    const wanted = `"department":${JSON.stringify(department)}`;
    user.check('only courses of the department asked for', onlyMatches(answer, departmentKey, wanted));
  }
}

/** Every item has the key once, so the filter was kept when key and key with value occur equally often. */
function onlyMatches(answer: Answer, key: Buffer, wanted: string): boolean {
  const found = answer.count(Buffer.from(wanted));
  return found > 0 && found === answer.count(key);
}

function* turnThePage(user: User): Journey {
  const first = yield user.get(list);
  const text = first.text();
  const cursor = /"next":"([^"]+)"/.exec(text)?.[1];
  const firstCode = /"code":"[^"]+"/.exec(text)?.[0];
  if (cursor === undefined || firstCode === undefined) return;
  const second = yield user.get(nextPage, `/courses?cursor=${cursor}`);
  user.check(
    'the next page goes on where the first ended',
    second.includes(itemsStart) && !second.includes(Buffer.from(firstCode)),
  );
}

function* openCourse(user: User): Journey {
  const course = user.random.pick(user.catalogue.courses);
  const code = Buffer.from(`"code":"${course.code}"`);

  const found = yield user.get(byCode, `/courses/code/${course.code}`);
  user.check('the course of the code asked for', found.includes(code));

  const path = `/courses/${course.id}`;
  const same = yield user.get(byId, path);
  user.check('the course of the id asked for', same.includes(code) && same.includes(Buffer.from(course.id)));

  const dag = yield user.get(prerequisites, `${path}/prerequisites`);
  user.check('prerequisites of the course asked for', dag.includes(code) && dag.includes(requiresKey));
}

const requiresKey = Buffer.from('"requires":[');
