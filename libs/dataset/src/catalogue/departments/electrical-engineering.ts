// The Electrical Engineering department, built on calculus and university physics from its first circuits.
import type { CatalogueDepartment } from '../catalogue.types.js';
import { course, EVERY_TERM, FALL, FALL_AND_SPRING, SPRING } from '../builders.js';

export const electricalEngineering: CatalogueDepartment = {
  name: 'Electrical Engineering',
  courses: [
    course('EE101', 'Introduction to Electrical Engineering', 2, FALL_AND_SPRING, {
      about:
        'A survey of the profession through hands-on projects in circuits, sensors, signals and microcontrollers, with visits to research laboratories.',
    }),
    course('EE110', 'Engineering Computation', 3, FALL_AND_SPRING, {
      about:
        'Numerical problem solving in MATLAB: arrays, plotting, functions, simple simulation and the presentation of engineering results.',
    }),
    // University physics II runs alongside this course, as in most programs, so only mechanics is asked for.
    course('EE201', 'Circuit Analysis I', 4, FALL_AND_SPRING, {
      requires: ['MATH142', 'PHYS151'],
      about:
        'Resistive circuits, network theorems, operational amplifiers, capacitors and inductors, and the transient response of simple circuits.',
    }),
    course('EE202', 'Circuit Analysis II', 4, FALL_AND_SPRING, {
      requires: ['EE201', 'MATH242'],
      about:
        'Sinusoidal steady state, phasors, power, coupled coils, resonance, two-ports and circuit analysis by Laplace transform.',
    }),
    course('EE210', 'Digital Logic Design', 4, FALL_AND_SPRING, {
      requires: ['EE101'],
      about:
        'Boolean algebra, combinational and sequential circuits, state machines, arithmetic and memory, built and tested on programmable hardware.',
    }),
    course('EE230', 'Circuits and Measurements Laboratory', 2, FALL_AND_SPRING, {
      requires: ['EE201'],
      about:
        'Use of oscilloscopes, meters and sources; uncertainty, grounding, noise and the writing of a laboratory notebook.',
    }),
    course('EE260', 'Engineering Ethics and Practice', 1, FALL_AND_SPRING, {
      requires: ['EE101'],
      about:
        'Professional responsibility, safety, standards, licensure and sustainability, discussed through well-documented engineering failures.',
    }),
    course('EE301', 'Signals and Systems', 4, FALL_AND_SPRING, {
      requires: ['EE202'],
      about:
        'Continuous and discrete signals, convolution, Fourier, Laplace and z transforms, sampling and the frequency response of linear systems.',
    }),
    course('EE310', 'Microcontrollers and Embedded Systems', 4, FALL_AND_SPRING, {
      requires: ['CS101', 'EE210'],
      about:
        'Programming of microcontrollers in C and assembly: interrupts, timers, converters, serial buses and interfacing to real devices.',
    }),
    course('EE320', 'Electronics I', 4, FALL_AND_SPRING, {
      requires: ['EE202'],
      about:
        'Diodes, bipolar and field-effect transistors, biasing, small-signal models and single-stage amplifiers, with an integrated laboratory.',
    }),
    course('EE321', 'Electronics II', 3, SPRING, {
      requires: ['EE320'],
      about:
        'Differential pairs, multistage and power amplifiers, feedback, frequency response, oscillators and operational-amplifier circuits.',
    }),
    course('EE330', 'Electromagnetic Fields and Waves', 4, FALL_AND_SPRING, {
      requires: ['MATH241', 'PHYS152'],
      about:
        "Electrostatics, magnetostatics, Maxwell's equations, plane waves and transmission lines, with applications to high-speed interconnects.",
    }),
    course('EE350', 'Electric Machines and Power', 3, FALL, {
      requires: ['EE202'],
      about:
        'Three-phase circuits, transformers, induction, synchronous and direct-current machines, and an introduction to drives.',
    }),
    course('EE360', 'Control Systems', 3, FALL_AND_SPRING, {
      requires: ['EE301'],
      about:
        'Modeling of dynamic systems, feedback, stability, root locus, frequency-domain design and PID compensation, with simulation exercises.',
    }),
    course('EE370', 'Semiconductor Devices', 3, FALL, {
      requires: ['EE320', 'PHYS152'],
      about:
        'Carriers and bands, junctions, bipolar and MOS transistors, optoelectronic devices and the technology of their fabrication.',
    }),
    course('EE380', 'Digital Systems Design', 3, FALL, {
      requires: ['EE210'],
      about:
        'Hardware description languages, synthesis, timing, verification and the design of a pipelined processor on an FPGA.',
    }),
    course('EE390', 'Junior Design Laboratory', 2, FALL_AND_SPRING, {
      requires: ['EE230', 'EE310', 'EE320'],
      about:
        'Small teams specify, build, test and document an instrument that joins analog electronics with an embedded controller.',
    }),
    course('EE401', 'Digital Signal Processing', 3, FALL, {
      requires: ['EE301'],
      about:
        'Discrete Fourier transform, fast algorithms, FIR and IIR filter design, multirate methods and finite-precision effects.',
    }),
    course('EE410', 'Communication Systems', 3, FALL, {
      requires: ['EE301', 'STAT210'],
      about:
        'Amplitude and angle modulation, noise, pulse-code modulation and baseband digital transmission, supported by software-radio exercises.',
    }),
    course('EE411', 'Digital Communications', 3, SPRING, {
      requires: ['EE410'],
      about:
        'Signal spaces, optimum receivers, bandpass modulation, synchronization, error-correcting codes and spread spectrum.',
    }),
    course('EE420', 'Analog Integrated Circuits', 3, SPRING, {
      requires: ['EE321'],
      about:
        'Transistor-level design of current mirrors, references, amplifiers and comparators in CMOS, with simulation and layout.',
    }),
    course('EE425', 'VLSI Design', 3, FALL, {
      requires: ['EE320', 'EE380'],
      about:
        'CMOS logic styles, delay and power, memories, clocking, layout and verification of a complete integrated circuit.',
    }),
    course('EE440', 'Power Systems Analysis', 3, SPRING, {
      requires: ['EE350'],
      about:
        'Per-unit models, load flow, faults, protection, stability and economic dispatch of interconnected power networks.',
    }),
    course('EE445', 'Power Electronics', 3, SPRING, {
      requires: ['EE320', 'EE350'],
      about:
        'Rectifiers, choppers, inverters and switched-mode supplies; magnetics, thermal limits and closed-loop control of converters.',
    }),
    course('EE455', 'Introduction to Robotics', 3, FALL, {
      requires: ['CS101', 'EE360', 'MATH240'],
      about:
        'Rigid-body kinematics, trajectory generation, motion control, sensing and localization, programmed on laboratory manipulators.',
    }),
    course('EE490', 'Senior Design I', 3, FALL, {
      requires: ['EE390'],
      about:
        'Teams choose a sponsored problem, write specifications, compare alternatives and defend a preliminary design with budget and schedule.',
    }),
    course('EE491', 'Senior Design II', 3, SPRING, {
      requires: ['EE490'],
      about:
        'Construction, test and demonstration of the design proposed in the fall, with a final report and a public exhibition.',
    }),
    course('EE501', 'Random Processes', 3, FALL, {
      requires: ['EE301', 'STAT210'],
      about:
        'Random vectors, stationarity, power spectra, Markov chains, Gaussian and Poisson processes and their passage through linear systems.',
    }),
    course('EE505', 'Linear System Theory', 3, FALL, {
      requires: ['EE360', 'MATH240'],
      about:
        'State-space models, controllability, observability, realization, state feedback and observers for multivariable systems.',
    }),
    course('EE510', 'Advanced Digital Signal Processing', 3, SPRING, {
      requires: ['EE401'],
      about:
        'Multirate banks, adaptive filters, spectral estimation, wavelets and sparse representations of signals.',
    }),
    course('EE520', 'Advanced Analog Circuit Design', 3, FALL, {
      requires: ['EE420'],
      about:
        'Noise, distortion and matching in CMOS; data converters, phase-locked loops and low-power techniques for mixed-signal chips.',
    }),
    course('EE530', 'Advanced Electromagnetics', 3, FALL, {
      requires: ['EE330', 'MATH365'],
      about:
        "Green's functions, waveguides, scattering, and numerical solution of Maxwell's equations by moments and finite differences.",
    }),
    course('EE540', 'Smart Grids and Renewable Energy', 3, SPRING, {
      requires: ['EE440'],
      about:
        'Integration of wind, solar and storage, demand response, state estimation and the markets of modern distribution networks.',
    }),
    course('EE550', 'Optimal Control', 3, SPRING, {
      requires: ['EE505'],
      about:
        'Calculus of variations, the maximum principle, dynamic programming, linear-quadratic regulation and model predictive control.',
    }),
    course('EE560', 'Wireless Communications', 3, SPRING, {
      requires: ['EE410'],
      about:
        'Fading channels, diversity, equalization, OFDM, multiple access and the architecture of cellular networks.',
    }),
    course('EE565', 'Information Theory and Coding', 3, SPRING, {
      requires: ['EE501'],
      about:
        'Entropy, source coding, channel capacity, rate distortion and the construction and decoding of modern codes.',
    }),
    course('EE660', 'Multiple-Antenna Wireless Systems', 3, FALL, {
      requires: ['EE501', 'EE560'],
      about:
        'Capacity of MIMO channels, space-time coding, beamforming, massive arrays and interference management.',
    }),
    course('EE690', "Master's Project in Electrical Engineering", 3, EVERY_TERM, {
      requires: ['EE501'],
      about:
        'Design, construction or analysis of an engineering system under faculty supervision, documented in a professional report.',
    }),
    course('EE698', "Master's Thesis in Electrical Engineering I", 3, FALL_AND_SPRING, {
      requires: ['EE501'],
      about:
        'Formulation of a thesis problem, critical review of the literature and a proposal defended before the adviser.',
    }),
    course('EE699', "Master's Thesis in Electrical Engineering II", 3, EVERY_TERM, {
      requires: ['EE698'],
      about:
        'Completion of the thesis research, submission of the manuscript and oral examination by the graduate committee.',
    }),
  ],
};
