import sys

from landfall_agent.main import main

sys.exit(main(sys.argv[1:]))
