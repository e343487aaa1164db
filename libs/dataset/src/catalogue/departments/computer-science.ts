// The Computer Science department: the largest of the catalogue, and the one most flowcharts are drawn for.
import type { CatalogueDepartment } from '../catalogue.types.js';
import { course, EVERY_TERM, FALL, FALL_AND_SPRING, SPRING, SUMMER } from '../builders.js';

export const computerScience: CatalogueDepartment = {
  name: 'Computer Science',
  courses: [
    // CS101 and CS102 open every degree that needs programming, hence the summer sections.
    course('CS100', 'Computing and Society', 3, EVERY_TERM, {
      about:
        'How software, networks and data shape work, privacy, elections and culture. For students of any major; no programming experience is expected.',
    }),
    course('CS101', 'Introduction to Computer Science I', 4, EVERY_TERM, {
      about:
        'Problem solving and programming in Python: variables, control flow, functions, lists, dictionaries and files, with a weekly supervised laboratory.',
    }),
    course('CS102', 'Introduction to Computer Science II', 4, EVERY_TERM, {
      requires: ['CS101'],
      about:
        'Object-oriented programming in Java: classes, inheritance, interfaces, recursion, exceptions and simple linked structures, developed through graded projects.',
    }),
    course('CS120', 'Discrete Structures I', 3, EVERY_TERM, {
      requires: ['CS101'],
      about:
        'Propositional and predicate logic, sets, relations, functions, proof by contradiction and induction, and their use in reasoning about programs.',
    }),
    course('CS201', 'Data Structures', 4, EVERY_TERM, {
      requires: ['CS102', 'CS120'],
      about:
        'Lists, stacks, queues, trees, heaps, hash tables and graphs; asymptotic cost of their operations and the choice of a representation for a given task.',
    }),
    course('CS210', 'Computer Organization', 4, FALL_AND_SPRING, {
      requires: ['CS102'],
      about:
        'Number representation, assembly language, the datapath, caches and the memory hierarchy, seen from the point of view of a C programmer.',
    }),
    course('CS215', 'Unix Tools and Scripting', 2, FALL_AND_SPRING, {
      requires: ['CS102'],
      about:
        'Working productively at the command line: shells, pipelines, regular expressions, version control, build tools and small automation scripts.',
    }),
    course('CS220', 'Discrete Structures II', 3, FALL_AND_SPRING, {
      requires: ['CS120', 'MATH141'],
      about:
        'Counting, recurrences, generating functions, discrete probability, graph theory and modular arithmetic, with applications to the analysis of programs.',
    }),
    course('CS230', 'Object-Oriented Design', 3, FALL_AND_SPRING, {
      requires: ['CS102'],
      about:
        'Class design, design patterns, refactoring, unit testing and UML, practiced on a medium-sized application that pairs extend through the term.',
    }),
    course('CS240', 'Web Application Programming', 3, FALL_AND_SPRING, {
      requires: ['CS102'],
      about:
        'Client and server programming for the web: JavaScript, the document object model, HTTP, REST interfaces, sessions and persistence in a database.',
    }),
    course('CS270', 'Introduction to Data Science', 3, SPRING, {
      requires: ['CS101', 'STAT101'],
      about:
        'Collecting, cleaning, exploring and presenting data with Python notebooks; simple predictive models and honest reporting of their uncertainty.',
    }),
    // The 300 level is the body of the major: most need data structures alone, so their order is free.
    course('CS301', 'Design and Analysis of Algorithms', 4, FALL_AND_SPRING, {
      requires: ['CS201', 'CS220'],
      about:
        'Divide and conquer, greedy methods, dynamic programming, graph algorithms, network flow and NP-completeness, with proofs of correctness and running time.',
    }),
    course('CS305', 'Theory of Computation', 3, FALL_AND_SPRING, {
      requires: ['CS220'],
      about:
        'Finite automata, regular and context-free languages, Turing machines, decidability, reductions and an introduction to the classes P and NP.',
    }),
    course('CS310', 'Operating Systems', 4, FALL_AND_SPRING, {
      requires: ['CS201', 'CS210'],
      about:
        'Processes and threads, scheduling, synchronization, virtual memory, file systems and protection. Students extend a small teaching kernel.',
    }),
    course('CS315', 'Computer Architecture', 3, FALL, {
      requires: ['CS210'],
      about:
        'Pipelining, branch prediction, superscalar and multicore processors, cache coherence and quantitative evaluation of design trade-offs.',
    }),
    course('CS320', 'Programming Languages', 3, FALL_AND_SPRING, {
      requires: ['CS201'],
      about:
        'Syntax, semantics, types, scope, closures and control in functional, logic and object-oriented languages; students write several interpreters.',
    }),
    course('CS330', 'Software Engineering', 4, FALL_AND_SPRING, {
      requires: ['CS201', 'CS230'],
      about:
        'Requirements, estimation, architecture, testing, code review and release practices. Teams of five deliver a product to an outside client.',
    }),
    course('CS335', 'Software Testing and Quality', 3, SPRING, {
      requires: ['CS201', 'CS230'],
      about:
        'Test design techniques, coverage criteria, mutation and property-based testing, continuous integration and the economics of finding defects early.',
    }),
    course('CS340', 'Database Systems', 3, FALL_AND_SPRING, {
      requires: ['CS201'],
      about:
        'The relational model, SQL, entity-relationship design, normalization, indexing, query plans and transactions, with a database-backed term project.',
    }),
    course('CS345', 'Human-Computer Interaction', 3, FALL, {
      requires: ['CS230'],
      about:
        'User research, prototyping, accessibility and usability evaluation. Students carry an interface from first interviews to a tested prototype.',
    }),
    course('CS350', 'Computer Networks', 3, FALL_AND_SPRING, {
      requires: ['CS201', 'CS210'],
      about:
        'Layered protocols of the Internet: applications, TCP and congestion control, routing, switching and wireless links, with socket programming.',
    }),
    course('CS355', 'Introduction to Cybersecurity', 3, FALL_AND_SPRING, {
      requires: ['CS201', 'CS210'],
      about:
        'Threat models, authentication, access control, memory-safety attacks, web vulnerabilities and basic cryptographic tools, with supervised laboratories.',
    }),
    course('CS360', 'Introduction to Artificial Intelligence', 3, FALL_AND_SPRING, {
      requires: ['CS201', 'CS220'],
      about:
        'Heuristic search, constraint satisfaction, games, logical inference, planning and reasoning under uncertainty, with programming projects.',
    }),
    course('CS370', 'Computer Graphics', 3, FALL, {
      requires: ['CS201', 'MATH240'],
      about:
        'Geometric transformations, rasterization, shading, texture mapping and ray tracing, programmed from first principles and on graphics hardware.',
    }),
    course('CS375', 'Mobile Application Development', 3, SPRING, {
      requires: ['CS201', 'CS230'],
      about:
        'Designing and shipping applications for phones: life cycle, local storage, sensors, background work, notifications and store distribution.',
    }),
    course('CS390', 'Professional Ethics and Communication', 2, FALL_AND_SPRING, {
      requires: ['CS201', 'ENGL101'],
      about:
        'Codes of conduct, intellectual property, privacy law and algorithmic fairness, examined in technical memos and oral presentations.',
    }),
    course('CS395', 'Internship in Computing', 3, SUMMER, {
      requires: ['CS201'],
      about:
        'Supervised full-time summer work with an approved employer, documented by learning goals, biweekly reports and a closing presentation.',
    }),
    course('CS401', 'Advanced Algorithms', 3, SPRING, {
      requires: ['CS301'],
      about:
        'Amortized analysis, randomized and approximation algorithms, string matching, linear programming and advanced network flow.',
    }),
    course('CS410', 'Distributed Systems', 3, SPRING, {
      requires: ['CS310', 'CS350'],
      about:
        'Remote invocation, logical time, replication, consensus, fault tolerance and consistency models, with a replicated key-value store as project.',
    }),
    course('CS415', 'Parallel Programming', 3, FALL, {
      requires: ['CS310'],
      about:
        'Shared-memory threads, message passing and GPU kernels; performance models, scalability and the debugging of races and deadlocks.',
    }),
    course('CS420', 'Compiler Construction', 4, SPRING, {
      requires: ['CS210', 'CS305', 'CS320'],
      about:
        'Lexing, parsing, type checking, intermediate representations, register allocation and code generation for a complete small language.',
    }),
    course('CS440', 'Database Implementation', 3, SPRING, {
      requires: ['CS310', 'CS340'],
      about:
        'Storage layouts, buffer management, B-trees, join algorithms, query optimization, concurrency control and crash recovery.',
    }),
    course('CS450', 'Machine Learning', 4, FALL_AND_SPRING, {
      requires: ['CS301', 'MATH240', 'STAT301'],
      about:
        'Linear models, trees, kernels, neural networks, clustering and dimensionality reduction, with attention to validation and overfitting.',
    }),
    course('CS455', 'Cryptography', 3, FALL, {
      requires: ['CS301'],
      about:
        'Symmetric ciphers, hash functions, public-key encryption, digital signatures, key exchange and zero-knowledge proofs, with security definitions.',
    }),
    course('CS458', 'Network Security', 3, SPRING, {
      requires: ['CS350', 'CS355'],
      about:
        'Attacks on and defenses of networked systems: firewalls, intrusion detection, secure transport, denial of service, and incident response exercises.',
    }),
    course('CS460', 'Computer Vision', 3, FALL, {
      requires: ['CS360', 'MATH240'],
      about:
        'Image formation, filtering, feature detection, stereo, motion, segmentation and recognition, with weekly programming assignments.',
    }),
    course('CS465', 'Natural Language Processing', 3, SPRING, {
      requires: ['CS360', 'STAT301'],
      about:
        'Language models, tagging, parsing, word meaning, sentiment and machine translation, from counting methods to neural networks.',
    }),
    course('CS475', 'Cloud Computing', 3, FALL, {
      requires: ['CS310', 'CS350'],
      about:
        'Virtual machines, containers, orchestration, elastic storage, serverless functions and the measurement of cost and reliability.',
    }),
    course('CS480', 'Bioinformatics Algorithms', 3, SPRING, {
      requires: ['BIO201', 'CS301'],
      about:
        'Sequence alignment, genome assembly, phylogenetic trees, motif finding and gene-expression clustering as algorithmic problems.',
    }),
    course('CS490', 'Undergraduate Research in Computing', 3, EVERY_TERM, {
      requires: ['CS301'],
      about:
        'An individual investigation under a faculty adviser, from literature review to a written report and a poster at the spring symposium.',
    }),
    course('CS495', 'Senior Capstone I', 3, FALL, {
      requires: ['CS330'],
      about:
        'First half of a year-long team project for an industrial sponsor: elicitation, risk plan, architecture and a working first increment.',
    }),
    course('CS496', 'Senior Capstone II', 3, SPRING, {
      requires: ['CS495'],
      about:
        'Second half of the sponsored project: iterative construction, user testing, deployment, hand-over documentation and a public demonstration.',
    }),
    course('CS499', 'Honors Thesis', 3, FALL_AND_SPRING, {
      requires: ['CS301', 'CS390'],
      about:
        'Independent research leading to a thesis defended before a committee of two faculty members. Open to students in the honors program.',
    }),
    // Courses at the 500 level start from undergraduate ones, so that a new student may begin with any.
    course('CS501', 'Graduate Algorithms', 3, FALL_AND_SPRING, {
      requires: ['CS301'],
      about:
        'Algorithm design at the graduate level: matroids, flows, linear programming duality, hashing, streaming and hardness of approximation.',
    }),
    course('CS505', 'Automata, Computability and Complexity', 3, SPRING, {
      requires: ['CS305'],
      about:
        'Models of computation, undecidability, time and space hierarchies, complete problems, circuits and the role of randomness.',
    }),
    course('CS510', 'Advanced Operating Systems', 3, FALL, {
      requires: ['CS310'],
      about:
        'Kernel structures, virtualization, storage systems, scheduling on many cores and isolation, studied through classic and current papers.',
    }),
    course('CS515', 'Advanced Computer Architecture', 3, SPRING, {
      requires: ['CS315'],
      about:
        'Out-of-order execution, memory consistency, vector units, accelerators and energy-aware design, with simulator-based projects.',
    }),
    course('CS520', 'Principles of Programming Languages', 3, FALL, {
      requires: ['CS320'],
      about:
        'Lambda calculus, operational semantics, type systems, polymorphism, effects and mechanized proofs about programs.',
    }),
    course('CS530', 'Advanced Software Engineering', 3, FALL_AND_SPRING, {
      requires: ['CS330'],
      about:
        'Empirical study of how large software evolves: process models, program comprehension, technical debt, automation and team organization.',
    }),
    course('CS540', 'Advanced Database Systems', 3, SPRING, {
      requires: ['CS340'],
      about:
        'Column stores, distributed transactions, adaptive query processing, main-memory engines and the design of modern data platforms.',
    }),
    course('CS545', 'Data Mining', 3, FALL, {
      requires: ['CS340', 'STAT301'],
      about:
        'Frequent patterns, classification, clustering, anomaly detection and mining of graphs, text and streams at realistic scale.',
    }),
    course('CS550', 'Advanced Computer Networks', 3, FALL, {
      requires: ['CS350'],
      about:
        'Congestion control, interdomain routing, software-defined networks, data-center fabrics and measurement of the global Internet.',
    }),
    course('CS555', 'Applied Cryptography', 3, SPRING, {
      requires: ['CS301', 'MATH310'],
      about:
        'Provable security, elliptic curves, authenticated encryption, secure channels, post-quantum schemes and pitfalls of implementation.',
    }),
    course('CS558', 'Software Security', 3, FALL, {
      requires: ['CS355'],
      about:
        'Exploitation and hardening of programs: memory corruption, sandboxing, fuzzing, static analysis and supply-chain protection.',
    }),
    course('CS560', 'Graduate Artificial Intelligence', 3, FALL, {
      requires: ['CS360'],
      about:
        'Probabilistic graphical models, decision making, knowledge representation, planning and multi-agent reasoning.',
    }),
    course('CS565', 'Graduate Machine Learning', 3, FALL_AND_SPRING, {
      requires: ['CS301', 'MATH240', 'STAT301'],
      about:
        'Statistical learning theory, regularization, kernel methods, ensembles, latent-variable models and optimization for learning.',
    }),
    course('CS575', 'Large-Scale Data Systems', 3, SPRING, {
      requires: ['CS310', 'CS340'],
      about:
        'Distributed storage, batch and stream processing, resource managers and workflow design for data that outgrow a single machine.',
    }),
    course('CS580', 'Research in Human-Computer Interaction', 3, FALL, {
      requires: ['CS345'],
      about:
        'Theories of interaction, experimental and qualitative methods, and critique of recent studies, ending in a small user experiment.',
    }),
    course('CS590', 'Research Methods in Computing', 3, FALL_AND_SPRING, {
      requires: ['CS301'],
      about:
        'Posing research questions, reading critically, designing experiments, reproducibility and the writing of a thesis or project proposal.',
    }),
    course('CS601', 'Randomized and Approximation Algorithms', 3, SPRING, {
      requires: ['CS501', 'STAT301'],
      about:
        'Concentration inequalities, random walks, derandomization, LP rounding, semidefinite relaxations and the limits of approximation.',
    }),
    course('CS610', 'Advanced Distributed Systems', 3, SPRING, {
      requires: ['CS510'],
      about:
        'Consensus protocols, Byzantine fault tolerance, geo-replication, weak consistency and the verification of distributed protocols.',
    }),
    course('CS620', 'Program Analysis and Verification', 3, SPRING, {
      requires: ['CS520'],
      about:
        'Abstract interpretation, symbolic execution, model checking, separation logic and tools that find or rule out program errors.',
    }),
    course('CS655', 'Seminar in Security and Privacy', 3, SPRING, {
      requires: ['CS558'],
      about:
        'Student-led reading of recent work on systems security, anonymity, usable privacy and machine-learning attacks, with a term paper.',
    }),
    course('CS660', 'Deep Learning', 3, FALL_AND_SPRING, {
      requires: ['CS565'],
      about:
        'Architectures and training of deep networks: convolution, attention, generative models, regularization and large-scale optimization.',
    }),
    course('CS665', 'Neural Natural Language Processing', 3, SPRING, {
      requires: ['CS660'],
      about:
        'Pretrained language models, transfer, retrieval, alignment and evaluation, with a replication project based on a recent publication.',
    }),
    course('CS668', 'Reinforcement Learning', 3, SPRING, {
      requires: ['CS565'],
      about:
        'Markov decision processes, temporal-difference learning, policy gradients, exploration and offline methods, with simulated control tasks.',
    }),
    course('CS670', 'Visual Recognition and 3D Vision', 3, FALL, {
      requires: ['CS660'],
      about:
        'Deep models for detection, segmentation and reconstruction, multi-view geometry and self-supervised learning from video.',
    }),
    course('CS690', "Master's Project", 3, EVERY_TERM, {
      requires: ['CS501', 'CS530'],
      about:
        'A substantial software system or applied study carried out with a faculty adviser and presented at an open demonstration.',
    }),
    course('CS698', "Master's Thesis I", 3, FALL_AND_SPRING, {
      requires: ['CS501', 'CS590'],
      about:
        'Literature survey, approved proposal and preliminary results of an original thesis supervised by a graduate faculty member.',
    }),
    course('CS699', "Master's Thesis II", 3, EVERY_TERM, {
      requires: ['CS698'],
      about:
        "Completion, writing and oral defense of the master's thesis before a committee of three faculty members.",
    }),
    course('CS760', 'Advanced Topics in Machine Learning', 3, FALL, {
      requires: ['CS660'],
      about:
        "Current theory and practice of learning, such as causality, robustness and generalization, drawn from each year's principal conferences.",
    }),
  ],
};
