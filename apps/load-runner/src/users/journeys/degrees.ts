// Comparing degrees: the list, the Master of Computer Science or another, its requirements, constraints and flowchart.

import { endpoint } from '../endpoint.js';
import type { Journey } from '../step.js';
import type { User } from '../user.js';

const list = endpoint('listDegrees');
const byCode = endpoint('getDegreeByCode');
const requirements = endpoint('getRequirements');
const constraints = endpoint('getConstraints');
const flowchart = endpoint('getFlowchart');

const itemsStart = Buffer.from('"items":[{');
const requirementsStart = Buffer.from('"requirements":[');
const constraintsStart = Buffer.from('"constraints":[');
const layersStart = Buffer.from('"layers":[[');

/** The degree most looked at, as in every university with one. */
const favourite = 'MSCS';

export function* degrees(user: User): Journey {
  const page = yield user.revisit(list);
  user.remember(list.path, page);
  if (page.status === 200) user.check('degrees are listed', page.includes(itemsStart));

  const all = user.catalogue.degrees;
  const chosen =
    all.find((degree) => degree.code === favourite && user.random.chance(0.5)) ?? user.random.pick(all);
  const codePath = `/degrees/code/${chosen.code}`;
  const degree = yield user.revisit(byCode, codePath);
  user.remember(codePath, degree);
  if (degree.status === 200) {
    user.check('the degree of the code asked for', degree.includes(Buffer.from(`"code":"${chosen.code}"`)));
  }

  const path = `/degrees/${chosen.id}`;
  const ofDegree = Buffer.from(`"degreeId":"${chosen.id}"`);
  const rules = yield user.get(requirements, `${path}/requirements`);
  user.check(
    'requirements of the degree asked for',
    rules.includes(ofDegree) && rules.includes(requirementsStart),
  );

  const limits = yield user.get(constraints, `${path}/constraints`);
  user.check(
    'constraints of the degree asked for',
    limits.includes(ofDegree) && limits.includes(constraintsStart),
  );

  const chart = yield user.get(flowchart, `${path}/flowchart`);
  user.check('flowchart of the degree asked for', chart.includes(ofDegree) && chart.includes(layersStart));
}
