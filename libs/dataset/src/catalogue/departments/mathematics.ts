// The Mathematics department, whose calculus and algebra sequences hold up most other departments.
import type { CatalogueDepartment } from '../catalogue.types.js';
import { course, EVERY_TERM, FALL, FALL_AND_SPRING, SPRING } from '../builders.js';

export const mathematics: CatalogueDepartment = {
  name: 'Mathematics',
  courses: [
    course('MATH105', 'Quantitative Reasoning', 3, EVERY_TERM, {
      about:
        'Percentages, growth, voting, risk and the reading of graphs, with the aim of using numbers sensibly as a citizen. Not preparation for calculus.',
    }),
    course('MATH120', 'College Algebra', 3, EVERY_TERM, {
      about:
        'Linear, quadratic, polynomial, exponential and logarithmic functions, systems of equations and their use in applied problems.',
    }),
    course('MATH130', 'Precalculus', 4, EVERY_TERM, {
      requires: ['MATH120'],
      about:
        'Functions and their graphs, trigonometry, inverse functions, vectors and analytic geometry, for students who intend to take calculus.',
    }),
    course('MATH135', 'Calculus for Business and Life Sciences', 4, EVERY_TERM, {
      requires: ['MATH120'],
      about:
        'Derivatives and integrals of elementary functions with applications to marginal cost, growth, decay and optimization. Not open to majors.',
    }),
    // Calculus I is entered by placement, so the algebra courses above it are not asked for.
    course('MATH141', 'Calculus I', 4, EVERY_TERM, {
      about:
        'Limits, continuity, derivatives and their applications, and the definite integral up to the fundamental theorem. Entrance by placement test.',
    }),
    course('MATH142', 'Calculus II', 4, EVERY_TERM, {
      requires: ['MATH141'],
      about:
        'Techniques of integration, improper integrals, sequences and series, Taylor expansions, and parametric and polar curves.',
    }),
    course('MATH200', 'Introduction to Mathematical Proof', 3, FALL_AND_SPRING, {
      requires: ['MATH141'],
      about:
        'Logic, sets, functions, induction, cardinality and elementary number theory, as an apprenticeship in reading and writing proofs.',
    }),
    course('MATH240', 'Linear Algebra', 4, EVERY_TERM, {
      requires: ['MATH142'],
      about:
        'Matrices, linear systems, vector spaces, linear maps, determinants, eigenvalues and inner products, with computation and proof.',
    }),
    course('MATH241', 'Multivariable Calculus', 4, EVERY_TERM, {
      requires: ['MATH142'],
      about:
        'Partial derivatives, multiple integrals, vector fields, line and surface integrals, and the theorems of Green, Stokes and Gauss.',
    }),
    course('MATH242', 'Ordinary Differential Equations', 3, EVERY_TERM, {
      requires: ['MATH142'],
      about:
        'First- and second-order equations, linear systems, Laplace transforms, series solutions and qualitative behavior, with models from science.',
    }),
    course('MATH301', 'Real Analysis I', 4, FALL_AND_SPRING, {
      requires: ['MATH200', 'MATH241'],
      about:
        'The real numbers, sequences, continuity, differentiation and the Riemann integral, developed rigorously from the completeness axiom.',
    }),
    course('MATH302', 'Real Analysis II', 4, SPRING, {
      requires: ['MATH301'],
      about:
        'Uniform convergence, power series, metric spaces, functions of several variables and the inverse and implicit function theorems.',
    }),
    course('MATH310', 'Elementary Number Theory', 3, FALL, {
      requires: ['MATH200'],
      about:
        'Divisibility, congruences, quadratic reciprocity, arithmetic functions, Diophantine equations and an introduction to public-key ciphers.',
    }),
    course('MATH311', 'Abstract Algebra I', 4, FALL, {
      requires: ['MATH200', 'MATH240'],
      about:
        'Groups, subgroups, quotients, homomorphisms, group actions and the Sylow theorems, with symmetry as the guiding example.',
    }),
    course('MATH312', 'Abstract Algebra II', 4, SPRING, {
      requires: ['MATH311'],
      about:
        'Rings, ideals, polynomial factorization, fields, extensions and an introduction to Galois theory and constructibility.',
    }),
    course('MATH320', 'Combinatorics and Graph Theory', 3, SPRING, {
      requires: ['MATH200'],
      about:
        'Counting principles, generating functions, inclusion-exclusion, matchings, colorings, planarity and extremal problems.',
    }),
    course('MATH330', 'Geometry', 3, FALL, {
      requires: ['MATH200'],
      about:
        'Euclidean, hyperbolic and projective geometry from axioms and from transformations. Recommended for prospective secondary teachers.',
    }),
    course('MATH350', 'Numerical Analysis', 3, FALL_AND_SPRING, {
      requires: ['CS101', 'MATH240', 'MATH242'],
      about:
        'Root finding, interpolation, quadrature, linear solvers and initial-value problems, with error analysis and programmed experiments.',
    }),
    course('MATH360', 'Mathematical Modeling', 3, SPRING, {
      requires: ['MATH240', 'MATH242'],
      about:
        'Building, solving and criticizing models of populations, traffic, epidemics and markets; teams report on an open-ended problem.',
    }),
    course('MATH365', 'Partial Differential Equations', 3, SPRING, {
      requires: ['MATH241', 'MATH242'],
      about:
        'The heat, wave and Laplace equations by separation of variables, Fourier series, transforms and the method of characteristics.',
    }),
    course('MATH370', 'Linear Optimization', 3, FALL, {
      requires: ['MATH240'],
      about:
        'Formulation of linear programs, the simplex method, duality, sensitivity analysis, network problems and integer programming.',
    }),
    course('MATH401', 'Complex Analysis', 3, FALL, {
      requires: ['MATH301'],
      about:
        "Analytic functions, contour integrals, Cauchy's theorem, residues, conformal maps and applications to real integrals and flows.",
    }),
    course('MATH410', 'Topology', 3, SPRING, {
      requires: ['MATH301'],
      about:
        'Topological spaces, continuity, compactness, connectedness, separation and the fundamental group of simple spaces.',
    }),
    course('MATH440', 'Mathematical Finance', 3, FALL, {
      requires: ['MATH242', 'STAT301'],
      about:
        'Interest, arbitrage, binomial trees, the Black-Scholes model and hedging, with the probability needed to justify them.',
    }),
    course('MATH490', 'Senior Seminar in Mathematics', 3, FALL_AND_SPRING, {
      requires: ['MATH301', 'MATH311'],
      about:
        "Students read, present and write on a topic that joins several parts of the major, and learn to referee one another's exposition.",
    }),
    course('MATH495', 'Undergraduate Research in Mathematics', 3, EVERY_TERM, {
      requires: ['MATH301'],
      about:
        'A supervised investigation of an open or expository problem, reported in a typeset paper and a departmental talk.',
    }),
    course('MATH501', 'Measure and Integration', 3, FALL, {
      requires: ['MATH302'],
      about:
        'Lebesgue measure and integral, convergence theorems, product measures, Lp spaces and differentiation of measures.',
    }),
    course('MATH502', 'Functional Analysis', 3, SPRING, {
      requires: ['MATH501'],
      about:
        'Banach and Hilbert spaces, bounded operators, duality, weak topologies, compact operators and the spectral theorem.',
    }),
    course('MATH511', 'Graduate Algebra I', 3, FALL, {
      requires: ['MATH312'],
      about:
        'Group actions, solvable groups, modules over principal ideal domains, canonical forms and tensor products.',
    }),
    course('MATH512', 'Graduate Algebra II', 3, SPRING, {
      requires: ['MATH511'],
      about:
        'Galois theory, commutative algebra, localization, Noetherian rings and an introduction to homological methods.',
    }),
    course('MATH520', 'General Topology', 3, FALL, {
      requires: ['MATH410'],
      about:
        'Product and quotient spaces, metrization, compactifications, function spaces, covering spaces and the fundamental group.',
    }),
    course('MATH530', 'Graduate Complex Analysis', 3, SPRING, {
      requires: ['MATH401'],
      about:
        'Normal families, the Riemann mapping theorem, analytic continuation, entire functions and harmonic functions.',
    }),
    course('MATH540', 'Numerical Linear Algebra', 3, FALL, {
      requires: ['MATH350'],
      about:
        'Stable factorizations, least squares, eigenvalue algorithms, Krylov methods, preconditioning and floating-point error.',
    }),
    course('MATH550', 'Graduate Partial Differential Equations', 3, SPRING, {
      requires: ['MATH301', 'MATH365'],
      about:
        'Distributions, Sobolev spaces, elliptic regularity, evolution equations and maximum principles, with examples from physics.',
    }),
    course('MATH560', 'Convex Optimization', 3, SPRING, {
      requires: ['MATH301', 'MATH370'],
      about:
        'Convex sets and functions, conic programs, duality, interior-point and first-order algorithms, and applications in data fitting.',
    }),
    course('MATH610', 'Algebraic Topology', 3, SPRING, {
      requires: ['MATH520'],
      about:
        'Simplicial and singular homology, cohomology rings, exact sequences, Poincare duality and applications to fixed points.',
    }),
    course('MATH650', 'Stochastic Calculus', 3, SPRING, {
      requires: ['MATH501', 'STAT301'],
      about:
        'Brownian motion, martingales, the Ito integral, stochastic differential equations and links with diffusion and finance.',
    }),
    course('MATH690', "Master's Project in Mathematics", 3, EVERY_TERM, {
      requires: ['MATH501'],
      about:
        'An expository or applied project under a faculty adviser, concluded by a written report and an oral examination.',
    }),
    course('MATH698', "Master's Thesis in Mathematics I", 3, FALL_AND_SPRING, {
      requires: ['MATH501', 'MATH511'],
      about:
        'Selection of a research problem, survey of its literature and a written prospectus accepted by the thesis adviser.',
    }),
    course('MATH699', "Master's Thesis in Mathematics II", 3, EVERY_TERM, {
      requires: ['MATH698'],
      about:
        'Completion of the research begun in the first thesis course, with a public defense and a final deposited manuscript.',
    }),
  ],
};
