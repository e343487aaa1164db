// The Physics department, with the two introductory sequences that serve the life sciences and the engineers.
import type { CatalogueDepartment } from '../catalogue.types.js';
import { course, EVERY_TERM, FALL, FALL_AND_SPRING, SPRING } from '../builders.js';

export const physics: CatalogueDepartment = {
  name: 'Physics',
  courses: [
    course('PHYS101', 'Conceptual Physics', 3, EVERY_TERM, {
      about:
        'Motion, heat, sound, light, electricity and the atom explained with everyday examples and demonstrations rather than calculation.',
    }),
    course('PHYS105', 'Introductory Astronomy', 3, FALL_AND_SPRING, {
      about:
        'The night sky, the solar system, the lives of stars, galaxies and the expanding universe, with evening observing sessions.',
    }),
    // The algebra-based sequence serves biology; the calculus-based one below it leads to the major.
    course('PHYS121', 'College Physics I', 4, EVERY_TERM, {
      requires: ['MATH120'],
      about:
        'Algebra-based mechanics, fluids, heat and waves with laboratory, illustrated by examples from medicine and the living world.',
    }),
    course('PHYS122', 'College Physics II', 4, FALL_AND_SPRING, {
      requires: ['PHYS121'],
      about:
        'Algebra-based electricity, magnetism, optics and radioactivity with laboratory, for students of the life sciences.',
    }),
    course('PHYS151', 'University Physics I', 4, EVERY_TERM, {
      requires: ['MATH141'],
      about:
        "Calculus-based mechanics: kinematics, Newton's laws, energy, momentum, rotation and gravitation, with a weekly laboratory.",
    }),
    course('PHYS152', 'University Physics II', 4, EVERY_TERM, {
      requires: ['MATH142', 'PHYS151'],
      about:
        "Calculus-based electricity and magnetism: fields, potential, circuits, induction and Maxwell's equations, with laboratory.",
    }),
    course('PHYS251', 'Waves, Optics and Heat', 4, FALL_AND_SPRING, {
      requires: ['PHYS152'],
      about:
        'Oscillations, wave motion, geometrical and physical optics, kinetic theory and the laws of thermodynamics, with laboratory.',
    }),
    course('PHYS252', 'Modern Physics', 3, FALL_AND_SPRING, {
      requires: ['PHYS152'],
      about:
        'Special relativity, photons, matter waves, the hydrogen atom, nuclei and elementary particles, treated through landmark experiments.',
    }),
    course('PHYS260', 'Experimental Physics Laboratory', 2, FALL_AND_SPRING, {
      requires: ['PHYS152'],
      about:
        'Instrumentation, data acquisition, error analysis and scientific writing through six experiments in classical and modern physics.',
    }),
    course('PHYS270', 'Mathematical Methods of Physics', 3, FALL_AND_SPRING, {
      requires: ['MATH241', 'MATH242', 'PHYS152'],
      about:
        'Vector calculus, complex numbers, Fourier analysis, special functions and matrices as physicists use them.',
    }),
    course('PHYS280', 'Computational Physics', 3, FALL, {
      requires: ['CS101', 'PHYS152'],
      about:
        'Numerical integration, differential equations, Monte Carlo and visualization applied to orbits, oscillators, lattices and random walks.',
    }),
    course('PHYS301', 'Classical Mechanics I', 4, FALL, {
      requires: ['MATH241', 'MATH242', 'PHYS152'],
      about:
        'Newtonian dynamics, oscillations, central forces, noninertial frames and the elements of Lagrangian mechanics.',
    }),
    course('PHYS302', 'Classical Mechanics II', 3, SPRING, {
      requires: ['PHYS301'],
      about:
        'Hamiltonian dynamics, rigid bodies, coupled oscillations, canonical transformations and an introduction to chaos.',
    }),
    course('PHYS311', 'Electricity and Magnetism I', 4, FALL, {
      requires: ['PHYS270'],
      about:
        'Electrostatics, boundary-value problems, dielectrics, magnetostatics and induction, in the language of vector calculus.',
    }),
    course('PHYS312', 'Electricity and Magnetism II', 3, SPRING, {
      requires: ['PHYS311'],
      about:
        "Maxwell's equations, electromagnetic waves, guided waves, radiation and relativistic electrodynamics.",
    }),
    course('PHYS320', 'Thermal and Statistical Physics', 3, SPRING, {
      requires: ['MATH241', 'PHYS252'],
      about:
        'Entropy, ensembles, ideal and quantum gases, phase equilibrium and transport, derived from the counting of microscopic states.',
    }),
    course('PHYS330', 'Optics', 3, SPRING, {
      requires: ['PHYS251'],
      about:
        'Interference, diffraction, polarization, coherence, Fourier optics and lasers, with laboratory projects on an optical table.',
    }),
    course('PHYS340', 'Electronics for Scientists', 3, FALL, {
      requires: ['PHYS152'],
      about:
        'Analog and digital circuits for measurement: amplifiers, filters, logic, converters and computer interfacing, built at the bench.',
    }),
    course('PHYS350', 'Astrophysics', 3, SPRING, {
      requires: ['PHYS252'],
      about:
        'Radiation, stellar structure and evolution, compact objects, galaxies and cosmology, developed from the laws of physics.',
    }),
    course('PHYS360', 'Advanced Laboratory', 3, FALL_AND_SPRING, {
      requires: ['PHYS252', 'PHYS260'],
      about:
        'Extended experiments such as nuclear spectroscopy, optical trapping and magnetic resonance, with formal reports and talks.',
    }),
    course('PHYS370', 'Biological Physics', 3, SPRING, {
      requires: ['BIO101', 'PHYS152'],
      about:
        'Diffusion, molecular machines, membranes, nerve impulses and imaging: physical reasoning about living matter.',
    }),
    course('PHYS401', 'Quantum Mechanics I', 4, FALL, {
      requires: ['MATH240', 'PHYS252', 'PHYS270'],
      about:
        'Wave functions, operators, the harmonic oscillator, angular momentum, the hydrogen atom and spin.',
    }),
    course('PHYS402', 'Quantum Mechanics II', 3, SPRING, {
      requires: ['PHYS401'],
      about:
        'Identical particles, perturbation theory, the variational principle, scattering and entanglement, with atomic applications.',
    }),
    course('PHYS410', 'Solid State Physics', 3, SPRING, {
      requires: ['PHYS320', 'PHYS401'],
      about:
        'Crystal structure, phonons, electrons in periodic potentials, semiconductors, magnetism and superconductivity.',
    }),
    course('PHYS420', 'Nuclear and Particle Physics', 3, SPRING, {
      requires: ['PHYS401'],
      about:
        'Nuclear models, decays, reactions, detectors, accelerators, symmetries and the constituents of the standard model.',
    }),
    course('PHYS430', 'General Relativity', 3, FALL, {
      requires: ['PHYS302', 'PHYS312'],
      about:
        'Curved space-time, geodesics, the Einstein equations, black holes, gravitational waves and cosmological models.',
    }),
    course('PHYS490', 'Senior Research in Physics I', 3, FALL, {
      requires: ['PHYS360'],
      about:
        'Start of an individual project in a faculty research group: background study, training on equipment and a written plan.',
    }),
    course('PHYS491', 'Senior Research in Physics II', 3, SPRING, {
      requires: ['PHYS490'],
      about:
        'Conclusion of the senior project: data taking or calculation, thesis and a talk at the departmental colloquium.',
    }),
    course('PHYS501', 'Graduate Classical Mechanics', 3, FALL, {
      requires: ['PHYS302'],
      about:
        'Variational principles, Hamilton-Jacobi theory, action-angle variables, continuous systems and nonlinear dynamics.',
    }),
    course('PHYS511', 'Electrodynamics I', 3, FALL, {
      requires: ['PHYS312'],
      about:
        "Potential theory, Green's functions, multipoles, macroscopic media and wave propagation at the graduate level.",
    }),
    course('PHYS512', 'Electrodynamics II', 3, SPRING, {
      requires: ['PHYS511'],
      about:
        'Radiating systems, scattering, covariant formulation, motion of charges in fields and radiation reaction.',
    }),
    course('PHYS521', 'Statistical Mechanics', 3, SPRING, {
      requires: ['PHYS320', 'PHYS402'],
      about:
        'Ensembles, quantum statistics, interacting systems, phase transitions and the renormalization group.',
    }),
    course('PHYS531', 'Graduate Quantum Mechanics I', 3, FALL, {
      requires: ['PHYS402'],
      about:
        'Hilbert space, symmetries, path integrals, angular momentum and approximation methods in a modern formulation.',
    }),
    course('PHYS532', 'Graduate Quantum Mechanics II', 3, SPRING, {
      requires: ['PHYS531'],
      about:
        'Scattering theory, many-body systems, quantization of radiation and relativistic wave equations.',
    }),
    course('PHYS540', 'Condensed Matter Physics', 3, FALL, {
      requires: ['PHYS410'],
      about:
        'Band structure, electron interactions, collective excitations, superconductivity and topological phases.',
    }),
    course('PHYS610', 'Quantum Field Theory', 3, SPRING, {
      requires: ['PHYS531'],
      about:
        'Canonical quantization, Feynman diagrams, quantum electrodynamics, renormalization and gauge symmetry.',
    }),
    course('PHYS690', 'Graduate Research in Physics', 3, EVERY_TERM, {
      requires: ['PHYS531'],
      about:
        'Directed research in experimental, theoretical or computational physics, reported in a seminar and a written summary.',
    }),
  ],
};
